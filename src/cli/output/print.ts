import type { Outcome } from '../../domain/outcome.ts';
import type { Redactor } from '../../redact/redactor.ts';
import { visible, visibleJson } from '../../redact/visible.ts';
import type { Document } from '../answer/document.ts';
import { fieldText } from '../answer/field.ts';
import { shortenTokens } from '../answer/shorten-tokens.ts';
import type { Format } from '../program/options.ts';
import type { Host } from '../runtime/host.ts';
import { decorated } from './decoration.ts';
import { forTheDesk, renderAdvice, renderTrouble, withoutVerdicts } from './error-text.ts';
import { renderLines, renderSettingLines } from './lines.ts';

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
  'unclear',
  'not-expected',
  'expired',
  'pending',
];

/** Prints a document: the answer on stdout, and on stderr what a person has to know of any ending but a good one. */
export async function printDocument(document: Document, format: Format, host: Host, vault: Redactor): Promise<void> {
  const show = <T>(part: T) => shortenTokens(part, vault);
  const isForPeople = format.output === 'text' && format.field === null;
  // Whatever a doctor found is an answer, and so is what became of many tokens.
  const isAnswer = hasChecks(document) || document.counts !== undefined || answers.includes(document.outcome);

  if (isForPeople && isAnswer) host.stdout.write(await renderAnswer(show(document), host));
  if (!isForPeople) host.stdout.write(renderData(document, format));
  const hasSaidAll = isForPeople && isAnswer && host.stdout.isTTY;
  // What went wrong is told without the receipt, which can be a large one.
  const { receipt: _unneeded, ...trouble } = document;
  if (document.exitCode === 0) return;
  const hidden = hiddenWords(document.error?.next ?? [], vault);
  if (!hasSaidAll) await printTrouble(renderTrouble, show(trouble), hidden, host, document.receipt);
  // Each result has told of its own trouble, and where money may have moved of its own command as well.
  else if (document.counts && document.outcome !== 'receipt-unread') {
    await printTrouble(renderAdvice, show(trouble), hidden, host);
  }
}

/** What the words of a command that hold a token look like where it may not be shown. */
const hiddenWords = (argv: readonly string[], vault: Redactor): string[] =>
  argv.map(vault.shortenToken).filter((word, i) => word !== argv[i]);

const hasChecks = ({ checks }: Document) => typeof checks === 'object';

function renderData(document: Document, { output, field }: Format): string {
  if (field !== null) return `${visible(fieldText(document, field))}\n`;
  if (output === 'json') return `${visibleJson(JSON.stringify(document, null, 2))}\n`;
  return `${visibleJson(JSON.stringify({ event: 'finished', ...document }))}\n`;
}

/** A table for a terminal, lines for a pipe. The checks of a doctor have been shown already, each as it ended. */
async function renderAnswer(shown: Document, host: Host): Promise<string> {
  const { stdout } = host;
  if (!stdout.isTTY) return renderPlain(shown);
  return decorated(
    async () => {
      const desk = forTheDesk(shown);
      if (hasChecks(desk)) return (await import('./checks.ts')).renderExamination(desk, stdout);
      return (await import('./table.ts')).renderTable(desk, host);
    },
    () => renderPlain(shown),
  );
}

function renderPlain(shown: Document): string {
  if (shown.settings) return renderSettingLines(shown.settings);
  const { checks, ...rest } = shown;
  return renderLines(hasChecks(shown) ? rest : withoutVerdicts(shown));
}

async function printTrouble(
  render: typeof renderTrouble,
  shown: Document,
  hidden: readonly string[],
  { stderr }: Host,
  receipt?: Document['receipt'],
): Promise<void> {
  const plain = () => render(shown, hidden);
  const { columns } = stderr;
  if (!(columns > 0)) {
    stderr.write(plain());
    return;
  }
  const folded = async () => {
    const [{ foldSentence }, { renderBanner, toneOf }] = await Promise.all([import('./fold.ts'), import('./tone.ts')]);
    const desk = forTheDesk(shown);
    const ending = { ...desk, ...(receipt && { receipt }) };
    const headline = toneOf(ending) === 'plain' ? undefined : () => renderBanner(ending, stderr);
    return render(desk, hidden, (line) => foldSentence(line, columns), headline);
  };
  stderr.write(await decorated(folded, plain));
}
