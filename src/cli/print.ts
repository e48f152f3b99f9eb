import type { Outcome } from '../domain/outcome.ts';
import { visible, visibleJson } from '../domain/text.ts';
import type { Document } from './document.ts';
import { fieldText } from './field.ts';
import type { Host } from './host.ts';
import type { Format } from './options.ts';
import { mapStrings, type Vault } from './vault.ts';
import { renderLines, renderSettingLines } from './view/lines.ts';
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
  const show = <T>(part: T) => mapStrings(part, (text) => vault.maskText(text));
  const isForPeople = format.output === 'text' && format.field === null;
  // Whatever a doctor found is an answer, and so are the totals of many tokens under their rows.
  const isTotal = document.counts !== undefined && !host.stdout.isTTY;
  const isAnswer = hasChecks(document) || isTotal || answers.includes(document.outcome);

  if (!isForPeople) host.stdout.write(renderData(maskForJson(document, vault), format));
  else if (isAnswer) host.stdout.write(await renderAnswer(show(document), host));
  const hasSaidAll = isForPeople && isAnswer && host.stdout.isTTY;
  // What went wrong is told without the receipt, which can be a large one.
  const { receipt: _unneeded, ...trouble } = document;
  if (document.exitCode !== 0 && !hasSaidAll) await printTrouble(show(trouble), host);
}

const hasChecks = ({ checks }: Document) => typeof checks === 'object';

function renderData(document: Document, { output, field }: Format): string {
  if (field !== null) return `${visible(fieldText(document, field))}\n`;
  if (output === 'json') return `${visibleJson(JSON.stringify(document, null, 2))}\n`;
  return `${visibleJson(JSON.stringify({ event: 'finished', ...document }))}\n`;
}

/** A table for a terminal, lines for a pipe. The checks of a doctor have been shown already, each as it ended. */
async function renderAnswer(shown: Document, host: Host): Promise<string> {
  const { stdout } = host;
  if (!stdout.isTTY) {
    if (shown.settings) return renderSettingLines(shown.settings);
    const { checks, ...rest } = shown;
    return renderLines(hasChecks(shown) ? rest : shown);
  }
  if (hasChecks(shown)) return (await import('./view/checks.ts')).renderExamination(shown, stdout);
  return (await import('./view/table.ts')).renderTable(shown, host);
}

async function printTrouble(shown: Document, { stderr }: Host): Promise<void> {
  if (stderr.columns === 0) {
    stderr.write(renderTrouble(shown));
    return;
  }
  const { foldSentence } = await import('./view/fold.ts');
  stderr.write(renderTrouble(shown, (line) => foldSentence(line, stderr.columns)));
}

/** JSON keeps the token whole, in the command to run next as well, even where it reads like a card number. */
function maskForJson({ results, ...document }: Document, vault: Vault): Document {
  const change = (text: string) => (text === document.token ? text : vault.maskForJson(text));
  const masked = mapStrings(document, change, ['token']);
  if (!results) return masked;
  return { ...masked, results: results.map((row) => maskForJson(row as Document, vault)) };
}
