import { Command, Option } from 'commander';
import { usageError } from '../../domain/errors.ts';
import type { PaymentOptions } from '../../poll/wait-for-payment.ts';
import { type ConnectionFlags, connect, toConnectionOptions } from '../connection.ts';
import { paymentDocument } from '../document.ts';
import { parseDurationOption } from '../duration-option.ts';
import { receiptCommandLine, sameCommand } from '../next-command.ts';
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
} from '../options.ts';
import { runWait } from '../run-wait.ts';
import { type Answer, refuseTwoReaders, type Session } from '../session.ts';
import { readToken } from '../token.ts';

interface WaitFlags extends OutputFlags, ProgressFlags, ConnectionFlags {
  readonly interval: string;
  readonly timeout: string;
  readonly maxFailures: number;
  readonly receipt: boolean;
  readonly acceptPartial?: true;
}

export function waitCommand(session: Session): Command {
  const command = new Command('wait')
    .summary('ask until the token settles, read the receipt and judge it')
    .description('Asks for the status until the token is used or expired, then reads the receipt and judges it.')
    .argument('<token>', 'the SSO token, a URL that carries it, or - to read it from stdin')
    .addOption(new Option('--interval <duration>', 'from the start of one ask to the next, 1s to 5m').default('10s'))
    .addOption(new Option('--timeout <duration>', 'the one deadline, up to 24h').default('15m'))
    .addOption(
      new Option('--max-failures <count>', 'failures in a row that end the wait')
        .default(6)
        .argParser(parseCount('--max-failures')),
    )
    .addOption(new Option('--no-receipt', 'end at USED, without reading the receipt: nothing is known of an approval'));
  addAcceptPartial(command);
  addReceiptOptions(command);
  addOutputOptions(command, ['text', 'json', 'ndjson']);
  addProgressOptions(command);
  return addConnectionOptions(command).action(async (argument: string, flags: WaitFlags) => {
    session.answer(await run(argument, flags, session));
  });
}

async function run(argument: string, flags: WaitFlags, session: Session): Promise<Answer> {
  const { host, vault } = session;
  const format = toFormat(flags, 'wait');
  const times = toTimes(flags);
  refuseTwoReaders(argument, flags);
  const token = await readToken(argument, session);
  vault.addToken(token);
  const withReceipt = flags.receipt;
  const connection = await toConnectionOptions(flags, { status: true, receipt: withReceipt }, session);
  const options: PaymentOptions = {
    ...times,
    requestTimeoutMs: connection.requestTimeoutMs,
    maxFailures: flags.maxFailures,
    acceptPartial: flags.acceptPartial ?? false,
  };
  const result = await runWait(
    {
      token,
      clock: host.clock,
      options,
      withReceipt,
      progress: toProgressMode(flags),
      output: format.output,
    },
    connect(connection, host),
    session,
  );
  const document = paymentDocument('wait', token, result, {
    quote: (text) => vault.quote(text),
    signal: session.stoppedBy(),
    timeoutMs: options.timeoutMs,
    acceptPartial: options.acceptPartial,
    next: {
      wait: sameCommand(session.argv, argument, token),
      receipt: receiptCommandLine(token, flags),
    },
  });
  return { document, format };
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
