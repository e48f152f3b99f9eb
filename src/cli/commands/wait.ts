import { Command, Option } from 'commander';
import { usageError } from '../../domain/errors.ts';
import { defaultPaymentsOptions, type PaymentsOptions } from '../../poll/options.ts';
import { mostTokens, planChecks, refuseCount } from '../../poll/plan.ts';
import type { PaymentContext } from '../answer/document.ts';
import type { ListStarted } from '../answer/event-record.ts';
import type { Answer } from '../answer/format.ts';
import { commandLineFor, sameCommand, sameCommandLine } from '../answer/next-command.ts';
import { parseDurationOption } from '../input/duration-option.ts';
import { refuseTwoReaders } from '../input/stdin.ts';
import { readTokenList, type TokenList } from '../input/token-list.ts';
import { type ConnectionFlags, toConnectionOptions } from '../settings/connection.ts';
import {
  addAcceptPartial,
  addConnectionOptions,
  addOutputOptions,
  addProgressOptions,
  addReceiptOptions,
  type OutputFlags,
  parseCount,
  toFormat,
} from './options.ts';
import { openConnection } from './request-once.ts';
import type { CommandSession, CommandSpec } from './session.ts';
import { watch } from './watch.ts';

interface WaitFlags extends OutputFlags, ConnectionFlags {
  readonly fromFile?: string;
  readonly stream?: true;
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

export function waitCommand(): CommandSpec {
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
  return { command: addConnectionOptions(command), run };
}

function addManyOptions(command: Command): void {
  const { maxRate, concurrency } = defaultPaymentsOptions;
  const group = 'Several tokens:';
  const options = [
    new Option('--all', 'end when every token has its result (default)').conflicts(['any', 'failFast']),
    new Option('--any', 'end as soon as one token has settled, whatever its receipt says').conflicts('failFast'),
    new Option('--fail-fast', 'end as soon as one token has ended otherwise than well'),
    new Option(
      '--stream',
      'watch tokens from stdin as they come, each with its own timeout; prints result events',
    ).conflicts(['all', 'any', 'failFast', 'fromFile', 'json', 'field', 'secretsFrom']),
    new Option('--max-rate <count>', 'requests a second, receipts included')
      .default(maxRate)
      .argParser(parseCount('--max-rate')),
    new Option('--concurrency <count>', 'requests under way at once')
      .default(concurrency)
      .argParser(parseCount('--concurrency')),
  ];
  for (const option of options) command.addOption(option.helpGroup(group));
}

async function run(command: Command, session: CommandSession): Promise<Answer> {
  const typed = command.args;
  const flags = command.opts<WaitFlags>();
  const given = Object.entries(flags).filter(([name]) => command.getOptionValueSource(name) !== 'default');
  const format = toFormat(flags, 'wait');
  const limits = toOptions(flags);
  if (flags.stream) return streamTokens(typed, flags, Object.fromEntries(given), session);
  const { fromFile } = flags;
  const words = fromFile === undefined ? orPrompt(typed, flags, session) : typed;
  refuseTwoReaders(fromFile === undefined ? words : [...words, fromFile], flags);
  const refuse = (count: number) => refuseCount(count, limits);
  const found = await readTokenList({ words, fromFile }, mostTokens(limits), refuse, session);
  const { tokens } = found;
  session.redactor.addTokens(tokens);
  // A file is a list, however short; what was typed is what it comes to without duplicates.
  const list = tokens.length > 1 || fromFile !== undefined ? startOf(found, limits) : null;
  if (!list) noteDuplicates(found, session);
  const needs = { status: true, receipt: flags.receipt, signAfterMs: firstSignMs };
  const { transport, ...connection } = await toConnectionOptions(flags, needs, session);
  const connections = list ? { connections: limits.concurrency } : {};
  const argv = typed.length === words.length ? session.argv : [...session.argv, ...words];
  const run = {
    command: 'wait',
    tokens,
    list,
    clock: session.host.clock,
    options: { ...limits, requestTimeoutMs: connection.requestTimeoutMs },
    withReceipt: flags.receipt,
    format,
    nextFor: nextOf(argv, list ? [] : words, Object.fromEntries(given)),
    nextForAll: list ? sameCommandLine(argv, found.tokenOf) : [],
  } as const;
  const opening = openConnection({ ...connection, transport: { ...transport, ...connections } }, session);
  return { document: await watch(run, opening, session), format };
}

async function streamTokens(
  typed: readonly string[],
  flags: WaitFlags,
  given: Partial<WaitFlags>,
  session: CommandSession,
): Promise<Answer> {
  if (typed.some((word) => word !== '-')) {
    throw usageError('--stream reads its tokens from stdin alone.', 'Leave the tokens out, and write them to stdin.');
  }
  if (given.output !== undefined && given.output !== 'ndjson') {
    throw usageError('--stream prints events.', 'Leave -o out, or use -o ndjson.');
  }
  const options = toOptions(flags);
  const { transport, ...connection } = await toConnectionOptions(
    flags,
    { status: true, receipt: flags.receipt },
    session,
  );
  const shared = { ...transport, connections: options.concurrency };
  const { stream } = await import('./stream.ts');
  const run = {
    options: { ...options, requestTimeoutMs: connection.requestTimeoutMs },
    withReceipt: flags.receipt,
    nextFor: nextOf(session.argv, [], given),
  };
  return stream(run, await openConnection({ ...connection, transport: shared }, session), session);
}

/** What was typed, or at a terminal what is pasted there now. */
function orPrompt(typed: readonly string[], flags: WaitFlags, { host }: CommandSession): readonly string[] {
  if (typed.length > 0) return typed;
  // The secrets come from there.
  if (host.stdinIsTTY && host.stderr.isTTY && flags.secretsFrom === undefined) return ['-'];
  throw usageError('No token was given.', 'Give one or more tokens, - to read them from stdin, or --from-file.');
}

function noteDuplicates({ duplicates }: TokenList, { progress, screen }: CommandSession): void {
  if (duplicates === 0 || progress === 'none' || progress === 'json') return;
  screen.prompt(`The token was given ${duplicates + 1} times; it is checked as one.\n`);
}

/** The commands that go on with a token; one that was typed alone goes on with the same command line. */
function nextOf(argv: readonly string[], typed: readonly string[], given: Partial<WaitFlags>) {
  const [word = '', ...more] = typed;
  const isSame = typed.length > 0 && more.length === 0;
  return (token: string): PaymentContext['next'] => ({
    wait: isSame ? sameCommand(argv, word, token) : commandLineFor('wait', token, given),
    receipt: commandLineFor('receipt', token, given),
  });
}

function startOf({ tokens, blank, duplicates }: TokenList, options: PaymentsOptions): ListStarted {
  const { timeoutMs, maxRate, concurrency } = options;
  const intervalMs = Math.round(planChecks(tokens.length, options).intervalMs);
  return {
    event: 'started',
    tokens: tokens.length,
    blank,
    duplicates,
    intervalMs,
    timeoutMs,
    maxRate,
    concurrency,
  };
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
