import { Command, Option } from 'commander';
import { InstaMedError } from '../../domain/errors.ts';
import { moneyOf } from '../../domain/money.ts';
import { quote } from '../../redact/visible.ts';
import { endingOfError, toDocument } from '../answer/document.ts';
import type { Answer } from '../answer/format.ts';
import { sameCommand } from '../answer/next-command.ts';
import { refuseTwoReaders } from '../input/stdin.ts';
import { readToken } from '../input/token.ts';
import { type ConnectionFlags, toConnectionOptions } from '../settings/connection.ts';
import {
  addAcceptPartial,
  addConnectionOptions,
  addOutputOptions,
  addProgressOptions,
  addReceiptOptions,
  type OutputFlags,
  toFormat,
} from './options.ts';
import { endingOfReceipt, type JudgeFlags } from './receipt-ending.ts';
import { requestOnce } from './request-once.ts';
import type { CommandSession, CommandSpec } from './session.ts';

interface ReceiptFlags extends OutputFlags, ConnectionFlags, JudgeFlags {}

export function receiptCommand(): CommandSpec {
  const command = new Command('receipt')
    .description('Reads the receipt (NVP ViewReceipt) and shows it decoded.')
    .argument('<token>', 'the SSO token, a URL that carries it, or - to read it from stdin')
    .addOption(new Option('--exit-status', 'let the exit code tell the result: approved 0, not approved 3'));
  addAcceptPartial(command);
  addReceiptOptions(command);
  addOutputOptions(command);
  addProgressOptions(command);
  return { command: addConnectionOptions(command), run };
}

async function run(command: Command, session: CommandSession): Promise<Answer> {
  const [argument = ''] = command.args;
  const flags = command.opts<ReceiptFlags>();
  const { redactor } = session;
  const format = toFormat(flags, 'receipt');
  refuseTwoReaders([argument], flags);
  const token = await readToken(argument, session);
  redactor.addTokens([token]);
  const options = await toConnectionOptions(flags, { status: false, receipt: true }, session);
  const { answer, startedAt, elapsedMs } = await requestOnce(
    options,
    (connection, limits) => connection.viewReceipt(token, limits),
    'Reading the receipt…',
    session,
  );
  const isError = answer instanceof InstaMedError;
  const next = sameCommand(session.argv, argument, token);
  const ending = isError
    ? endingOfError(explain(answer), session.stoppedBy(), next)
    : endingOfReceipt(answer, 'receipt-read', flags, quote);
  return {
    document: toDocument('receipt', ending, {
      money: isError ? 'unknown' : moneyOf(answer),
      token,
      startedAt,
      elapsedMs,
      receipt: isError ? null : answer,
    }),
    format,
  };
}

/** A token that is not used yet was recorded to be answered with errorCode 400 and a reference number, and no word of why. */
function explain(error: InstaMedError): InstaMedError {
  if (error.code !== 'NVP_400') return error;
  const hint = 'There is no receipt before the payer has finished: ask with instamed-poll status.';
  return new InstaMedError(error.category, error.code, error.message, {
    ...error,
    hint: error.hint === null ? hint : `${hint} If that says USED: ${error.hint}`,
  });
}
