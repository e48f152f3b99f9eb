import { Command, Option } from 'commander';
import { usageError } from '../../domain/errors.ts';
import { mostTokens, planAsks, refuseCount } from '../../poll/plan-asks.ts';
import { defaultPaymentsOptions, type PaymentsOptions } from '../../poll/wait-for-payments.ts';
import { quote } from '../../redact/visible.ts';
import { type Document, type PaymentContext, paymentDocument } from '../answer/document.ts';
import { commandLineFor, sameCommand, sameCommandLine } from '../answer/next-command.ts';
import { readTokenList, type TokenList } from '../input/token-list.ts';
import { parseDurationOption } from '../program/duration-option.ts';
import {
  addAcceptPartial,
  addConnectionOptions,
  addOutputOptions,
  addProgressOptions,
  addReceiptOptions,
  type OutputFlags,
  type ProgressFlags,
  parseCount,
  toFormat,
  toProgressMode,
} from '../program/options.ts';
import { type Answer, refuseTwoReaders, type Session } from '../session.ts';
import { type ConnectionFlags, type ConnectionOptions, connect, toConnectionOptions } from '../settings/connection.ts';
import { type PaymentsRun, runPayments } from './run-payments.ts';
import { runWait } from './run-wait.ts';

interface WaitFlags extends OutputFlags, ProgressFlags, ConnectionFlags {
  readonly fromFile?: string;
  readonly any?: true;
  readonly failFast?: true;
  readonly maxRate: number;
  readonly concurrency: number;
  readonly interval: string;
  readonly timeout: string;
  readonly maxFailures: number;
  readonly receipt: boolean;
  readonly acceptPartial?: true;
}

/** Whoever waits sees within a tenth of a second that something is going on, the start of the program included. */
const firstSignMs = 50;

export function waitCommand(session: Session): Command {
  const command = new Command('wait')
    .description('Asks for the status until the token is used or expired, then reads the receipt and judges it.')
    .argument(
      '[token...]',
      'SSO tokens, URLs that carry one, or - to read them from stdin, one a line; at a terminal it asks for one',
    )
    .addOption(new Option('--from-file <file>', 'read tokens from a file, one a line, or from stdin with -'))
    .addOption(new Option('--interval <duration>', 'from the start of one ask to the next, 1s to 5m').default('10s'))
    .addOption(new Option('--timeout <duration>', 'the one deadline, up to 24h').default('15m'))
    .addOption(
      new Option('--max-failures <count>', 'failures in a row that end the wait')
        .default(6)
        .argParser(parseCount('--max-failures')),
    )
    .addOption(new Option('--no-receipt', 'end at USED, without reading the receipt: nothing is known of an approval'));
  addManyOptions(command);
  addAcceptPartial(command);
  addReceiptOptions(command);
  addOutputOptions(command, ['text', 'json', 'ndjson']);
  addProgressOptions(command);
  return addConnectionOptions(command).action(async (words: readonly string[], flags: WaitFlags) => {
    const given = Object.entries(flags).filter(([name]) => command.getOptionValueSource(name) !== 'default');
    session.answer(await run(words, flags, Object.fromEntries(given), session));
  });
}

function addManyOptions(command: Command): void {
  const { maxRate, concurrency } = defaultPaymentsOptions;
  const group = 'Several tokens:';
  const options = [
    new Option('--all', 'end when every token has its result (default)').conflicts(['any', 'failFast']),
    new Option('--any', 'end as soon as one token has settled, whatever its receipt says').conflicts('failFast'),
    new Option('--fail-fast', 'end as soon as one token has ended otherwise than well'),
    new Option('--max-rate <count>', 'requests a second, receipts included')
      .default(maxRate)
      .argParser(parseCount('--max-rate')),
    new Option('--concurrency <count>', 'requests under way at once')
      .default(concurrency)
      .argParser(parseCount('--concurrency')),
  ];
  for (const option of options) command.addOption(option.helpGroup(group));
}

/** The flags with their values; `given` has those alone that were typed. */
async function run(
  typed: readonly string[],
  flags: WaitFlags,
  given: Partial<WaitFlags>,
  session: Session,
): Promise<Answer> {
  const format = toFormat(flags, 'wait');
  const options = toOptions(flags);
  const { fromFile } = flags;
  const words = fromFile === undefined ? orPrompt(typed, flags, session) : typed;
  refuseTwoReaders(fromFile === undefined ? words : [...words, fromFile], flags);
  const refuse = (count: number) => refuseCount(count, options);
  const list = await readTokenList({ words, fromFile }, mostTokens(options), refuse, session);
  session.vault.addTokens(list.tokens);
  const needs = { status: true, receipt: flags.receipt, signAfterMs: firstSignMs };
  const connection = await toConnectionOptions(flags, needs, session);
  const run = {
    options: { ...options, requestTimeoutMs: connection.requestTimeoutMs },
    withReceipt: flags.receipt,
    progress: toProgressMode(flags),
    format,
  };
  const [token = '', ...others] = list.tokens;
  // A file is a list, however short; what was typed is what it comes to without duplicates.
  const isOne = others.length === 0 && fromFile === undefined;
  const argv = typed.length === words.length ? session.argv : [...session.argv, ...words];
  const document = isOne
    ? await waitForOne(list, next(argv, words, token, given), run, connection, session)
    : await waitForMany(list, run, connection, given, argv, session);
  return { document, format };
}

/** What was typed, or at a terminal what is pasted there now. */
function orPrompt(typed: readonly string[], flags: WaitFlags, { host }: Session): readonly string[] {
  if (typed.length > 0) return typed;
  // The secrets come from there.
  if (host.stdinIsTTY && host.stderr.isTTY && flags.secretsFrom === undefined) return ['-'];
  throw usageError('No token was given.', 'Give one or more tokens, - to read them from stdin, or --from-file.');
}

/** The commands that go on with one token. */
function next(argv: readonly string[], words: readonly string[], token: string, given: Partial<WaitFlags>): Next {
  const [word = '', ...more] = words;
  return {
    wait: more.length === 0 ? sameCommand(argv, word, token) : commandLineFor('wait', token, given),
    receipt: commandLineFor('receipt', token, given),
  };
}

type Next = PaymentContext['next'];

type Run = Pick<PaymentsRun, 'options' | 'withReceipt' | 'progress' | 'format'>;

async function waitForOne(
  { tokens: [token = ''], duplicates }: TokenList,
  next: Next,
  { options, withReceipt, progress, format }: Run,
  connection: ConnectionOptions,
  session: Session,
): Promise<Document> {
  const { host } = session;
  if (duplicates > 0 && progress !== 'none' && progress !== 'json') {
    host.stderr.write(`The token was given ${duplicates + 1} times; it is checked as one.\n`);
  }
  const result = await runWait(
    { token, clock: host.clock, options, withReceipt, progress, output: format.output },
    connect(connection, session),
    session,
  );
  return paymentDocument('wait', token, result, {
    quote,
    signal: session.stoppedBy(),
    timeoutMs: options.timeoutMs,
    acceptPartial: options.acceptPartial,
    next,
  });
}

function waitForMany(
  { tokens, blank, duplicates, tokenOf }: TokenList,
  run: Run,
  { transport, ...connection }: ConnectionOptions,
  given: Partial<WaitFlags>,
  argv: readonly string[],
  session: Session,
): Promise<Document> {
  const { timeoutMs, maxRate, concurrency } = run.options;
  const intervalMs = Math.round(planAsks(tokens.length, run.options).intervalMs);
  const times = { intervalMs, timeoutMs, maxRate, concurrency };
  const opening = connect({ ...connection, transport: { ...transport, connections: concurrency } }, session);
  return runPayments(
    {
      ...run,
      tokens,
      started: { event: 'started', tokens: tokens.length, blank, duplicates, ...times },
      nextFor: (token) => ({
        wait: commandLineFor('wait', token, given),
        receipt: commandLineFor('receipt', token, given),
      }),
      nextForAll: sameCommandLine(argv, tokenOf),
    },
    opening,
    session,
  );
}

function toOptions(flags: WaitFlags): PaymentsOptions {
  const { maxFailures, acceptPartial = false, maxRate, concurrency } = flags;
  let until: PaymentsOptions['until'] = 'all';
  if (flags.any) until = 'any';
  if (flags.failFast) until = 'fail-fast';
  return { ...defaultPaymentsOptions, ...toTimes(flags), maxFailures, acceptPartial, maxRate, concurrency, until };
}

function toTimes(flags: WaitFlags): { intervalMs: number; timeoutMs: number } {
  const intervalMs = parseDurationOption('--interval', flags.interval, 1_000, 300_000);
  const timeoutMs = parseDurationOption('--timeout', flags.timeout, 1_000, 86_400_000);
  if (intervalMs > timeoutMs) {
    throw usageError(
      `The interval of ${flags.interval} is longer than the timeout of ${flags.timeout}.`,
      'Give a shorter --interval or a longer --timeout.',
    );
  }
  return { intervalMs, timeoutMs };
}
