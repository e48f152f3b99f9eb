import type { Redactor } from '../../redact/redactor.ts';
import { visible, visibleJson } from '../../redact/visible.ts';
import type { CheckResult } from '../answer/check-result.ts';
import type { Document, PaymentRow } from '../answer/document.ts';
import type { EventRecord } from '../answer/event-record.ts';
import { fieldText } from '../answer/field.ts';
import type { Answer, Format } from '../answer/format.ts';
import { shortenTokens } from '../answer/shorten-tokens.ts';
import type { Host } from '../runtime/host.ts';
import { decorated } from './decoration.ts';
import { forTheDesk, renderAdvice, renderTrouble, withoutVerdicts } from './error-text.ts';
import { foldWords } from './fold-words.ts';
import { renderCheckLine, renderLines, renderSettingLines } from './lines.ts';

/** Whether a person reads the answer, rather than a program. */
export const isForPeople = ({ output, field }: Format): boolean => output === 'text' && field === null;

/**
 * The one place that writes: answers on stdout, and on stderr what a person has to know. Texts of the remote side were redacted
 * where they came in; here they are made visible, and tokens are shortened wherever a person or a log reads them.
 */
export class Screen {
  readonly #host: Host;
  readonly #redactor: Redactor;
  /** The first event has the version. */
  #version: object = { schemaVersion: 1 };

  constructor(host: Host, redactor: Redactor) {
    this.#host = host;
    this.#redactor = redactor;
  }

  /** A text of our own for stdout, as it is: a script, a schema. */
  print(text: string): void {
    this.#host.stdout.write(text);
  }

  /** A text of our own for stdout, folded: help. */
  page(text: string): void {
    this.print(foldWords(text, this.#host.stdout.columns));
  }

  /** A text of our own for stderr, folded. */
  notice(text: string): void {
    this.prompt(foldWords(text, this.#host.stderr.columns));
  }

  /** A text of our own for stderr, as it is. */
  prompt(text: string): void {
    this.#host.stderr.write(text);
  }

  /** A document: the answer on stdout, and on stderr what a person has to know of any ending but a good one. */
  async answer({ document, format }: Answer): Promise<void> {
    const isAnswer = hasAnswer(document);
    if (!isForPeople(format)) for (const part of renderData(document, format)) this.print(part);
    else if (isAnswer) this.print(await this.#renderAnswer(this.#shorten(document)));
    if (document.exitCode !== 0) await this.#fail(document, isForPeople(format) && isAnswer);
  }

  /** What prints the results of many tokens as they come: lines for a person, or what a pipe reads line by line. */
  async rows(format: Format): Promise<(index: number, row: PaymentRow) => void> {
    if (!isForPeople(format)) return () => {};
    const { stdout } = this.#host;
    const plain = (index: number, row: PaymentRow) => renderLines({ results: { [index]: withoutVerdicts(row) } });
    const view = stdout.isTTY
      ? await decorated(
          () => import('./payment-row.ts'),
          () => null,
        )
      : null;
    return (index, row) => {
      // A token whose wait was stopped has nothing to tell, unless money may have moved.
      const isCut = row.outcome === 'pending' || (row.outcome === 'interrupted' && row.status !== 'USED');
      if (stdout.isTTY && isCut) return;
      const shown = this.#shorten(row);
      this.print(
        orPlain(
          () => view?.renderRow(forTheDesk(shown), stdout),
          () => plain(index, shown),
        ),
      );
    };
  }

  /** What prints the checks of a doctor as they end. */
  async checks(format: Format): Promise<(result: CheckResult) => void> {
    if (!isForPeople(format)) return () => {};
    const { stdout } = this.#host;
    const view = stdout.isTTY
      ? await decorated(
          () => import('./checks.ts'),
          () => null,
        )
      : null;
    return (result) =>
      this.print(
        orPlain(
          () => view?.renderCheck(result, stdout),
          () => renderCheckLine(result),
        ),
      );
  }

  /** An event, for `-o ndjson`. */
  readonly event = (record: EventRecord): void => {
    this.print(`${visibleJson(JSON.stringify({ ...this.#version, ...record }))}\n`);
    this.#version = {};
  };

  #shorten<T>(part: T): T {
    return shortenTokens(part, this.#redactor);
  }

  /** A table for a terminal, lines for a pipe. The checks of a doctor have been shown already, each as it ended. */
  async #renderAnswer(shown: Document): Promise<string> {
    const { stdout } = this.#host;
    if (!stdout.isTTY) return renderPlain(shown);
    return decorated(
      async () => {
        const desk = forTheDesk(shown);
        if (hasChecks(desk)) return (await import('./checks.ts')).renderExamination(desk, stdout);
        return (await import('./table.ts')).renderTable(desk, this.#host);
      },
      () => renderPlain(shown),
    );
  }

  /** What went wrong, and what to do next. */
  async #fail(document: Document, isAnswered: boolean): Promise<void> {
    // What went wrong is told without the receipt, which can be a large one.
    const { receipt, ...rest } = document;
    const shown = this.#shorten(rest);
    const next = document.error?.next ?? [];
    const hidden = next.map(this.#redactor.shortenToken).filter((word, i) => word !== next[i]);
    // On a terminal the answer has said it all. Of many tokens each result has told of its own error, and where money may have
    // moved of its own command as well.
    if (!(isAnswered && this.#host.stdout.isTTY)) await this.#tell(renderTrouble, shown, hidden, receipt);
    else if (document.counts && document.outcome !== 'receipt-unread') await this.#tell(renderAdvice, shown, hidden);
  }

  async #tell(
    render: typeof renderTrouble,
    shown: Document,
    hidden: readonly string[],
    receipt?: Document['receipt'],
  ): Promise<void> {
    const { stderr } = this.#host;
    const plain = () => render(shown, hidden);
    if (!(stderr.columns > 0)) return this.prompt(plain());
    const folded = async () => {
      const [{ foldSentence }, { renderBanner, toneOf }] = await Promise.all([
        import('./fold.ts'),
        import('./tone.ts'),
      ]);
      const desk = forTheDesk(shown);
      const ending = { ...desk, ...(receipt && { receipt }) };
      const headline = toneOf(ending) === 'plain' ? undefined : () => renderBanner(ending, stderr);
      return render(desk, hidden, (line) => foldSentence(line, stderr.columns), headline);
    };
    this.prompt(await decorated(folded, plain));
  }
}

/** What decorates can fail, and may not be there. */
function orPlain(decorate: () => string | undefined, plain: () => string): string {
  try {
    return decorate() ?? plain();
  } catch {
    return plain();
  }
}

/** Whether stdout has something to show. The findings of a doctor are an answer, and so are the results of many tokens. */
const hasAnswer = (document: Document) =>
  hasChecks(document) || document.counts !== undefined || (!document.error && document.outcome !== 'interrupted');

const hasChecks = ({ checks }: Document) => typeof checks === 'object';

/** A document as data, in parts: that of a long list is larger than a text should be. */
function* renderData(document: Document, { output, field }: Format): Generator<string> {
  if (field !== null) yield `${visible(fieldText(listed(document, field), field))}\n`;
  else if (output === 'ndjson') yield `${visibleJson(JSON.stringify({ event: 'finished', ...document }))}\n`;
  else if (document.results) yield* renderRows(document, document.results);
  else yield `${visibleJson(JSON.stringify(document, null, 2))}\n`;
}

/** With its rows as a list, where the field is one of theirs. */
const listed = (document: Document, field: string): object =>
  document.results && field.startsWith('results') ? { ...document, results: [...document.results] } : document;

function* renderRows(document: Document, rows: Iterable<object>): Generator<string> {
  const text = visibleJson(JSON.stringify({ ...document, results: [] }, null, 2));
  const at = text.indexOf('\n  "results": []') + '\n  "results": ['.length;
  yield text.slice(0, at);
  let separator = '\n    ';
  for (const row of rows) {
    yield separator + visibleJson(JSON.stringify(row, null, 2)).replaceAll('\n', '\n    ');
    separator = ',\n    ';
  }
  yield `${separator.startsWith(',') ? '\n  ' : ''}${text.slice(at)}\n`;
}

function renderPlain(shown: Document): string {
  if (shown.settings) return renderSettingLines(shown.settings);
  const { checks, ...rest } = shown;
  return renderLines(hasChecks(shown) ? rest : withoutVerdicts(shown));
}
