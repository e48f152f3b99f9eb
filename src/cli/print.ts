import type { Outcome } from '../domain/outcome.ts';
import { visible, visibleJson } from '../domain/text.ts';
import type { Document } from './document.ts';
import { fieldText } from './field.ts';
import type { Host } from './host.ts';
import type { Format } from './options.ts';
import { mapStrings, type Vault } from './vault.ts';
import { renderLines } from './view/lines.ts';
import { renderTrouble } from './view/trouble.ts';

/** Endings that answer what was asked, so that there is something to show on stdout. */
const answers: readonly Outcome[] = [
  'approved',
  'authorized',
  'card-stored',
  'used',
  'answered',
  'receipt-read',
  'decoded',
  'not-approved',
  'not-expected',
  'expired',
  'pending',
];

/** Prints a document: the answer on stdout, and on stderr what a person has to know of any ending but a good one. */
export async function printDocument(document: Document, format: Format, host: Host, vault: Vault): Promise<void> {
  const shown = mapStrings(document, (text) => vault.maskText(text));
  const isTable = format.output === 'text' && format.field === null && host.stdout.isTTY;
  // The doctor has shown its checks already, each as it ended; whatever they came to is an answer.
  const { checks, ...rest } = shown;
  const hasChecks = typeof checks === 'object';
  const isAnswer = hasChecks || answers.includes(document.outcome);

  if (format.field !== null) {
    host.stdout.write(`${visible(fieldText(maskForJson(document, vault), format.field))}\n`);
  } else if (format.output === 'json') {
    host.stdout.write(`${visibleJson(JSON.stringify(maskForJson(document, vault), null, 2))}\n`);
  } else if (format.output === 'ndjson') {
    const finished = { event: 'finished', ...maskForJson(document, vault) };
    host.stdout.write(`${visibleJson(JSON.stringify(finished))}\n`);
  } else if (isTable && hasChecks) {
    const { renderExamination } = await import('./view/checks.ts');
    host.stdout.write(renderExamination(shown, host.stdout));
  } else if (isTable && isAnswer) {
    const { renderTable } = await import('./view/table.ts');
    host.stdout.write(renderTable(shown, host));
  } else if (isAnswer) {
    host.stdout.write(renderLines(hasChecks ? rest : shown));
  }
  if (document.exitCode !== 0 && !(isTable && isAnswer)) await printTrouble(shown, host);
}

async function printTrouble(shown: Document, { stderr }: Host): Promise<void> {
  if (stderr.columns === 0) {
    stderr.write(renderTrouble(shown));
    return;
  }
  const { fold } = await import('./view/fold.ts');
  stderr.write(renderTrouble(shown, (line) => fold(line, stderr.columns)));
}

/** JSON keeps the token whole: the caller gave it. */
function maskForJson(document: Document, vault: Vault): Document {
  return mapStrings(document, (text) => vault.maskForJson(text), ['token']);
}
