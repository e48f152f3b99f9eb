import { Command, Option } from 'commander';
import { InstaMedError, serviceError } from '../../domain/errors.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { TokenState, TokenStatus } from '../../domain/token-status.ts';
import { quote } from '../../redact/visible.ts';
import { type Ending, endingOfError, statusParts, toDocument } from '../answer/document.ts';
import type { Answer } from '../answer/format.ts';
import { sameCommand } from '../answer/next-command.ts';
import { summarizeStatus } from '../answer/summary.ts';
import { refuseTwoReaders } from '../input/stdin.ts';
import { readToken } from '../input/token.ts';
import { type ConnectionFlags, toConnectionOptions } from '../settings/connection.ts';
import {
  addConnectionOptions,
  addOutputOptions,
  addProgressOptions,
  type OutputFlags,
  oneOf,
  toFormat,
} from './options.ts';
import { requestOnce } from './request-once.ts';
import type { CommandSession, CommandSpec } from './session.ts';

interface StatusFlags extends OutputFlags, ConnectionFlags {
  readonly exitStatus?: true;
  readonly expect?: TokenState;
}

export function statusCommand(): CommandSpec {
  const command = new Command('status')
    .description('Asks GetSSOTokenStatus once and shows the answer.')
    .argument('<token>', 'the SSO token, a URL that carries it, or - to read it from stdin')
    .addOption(
      new Option('--exit-status', 'let the exit code tell the answer: USED 0, NEW 8, EXPIRED 6, anything else 5'),
    )
    .addOption(
      oneOf(new Option('--expect <status>', 'exit with 3 unless this is the answer'), [
        'NEW',
        'USED',
        'EXPIRED',
      ]).conflicts('exitStatus'),
    );
  addOutputOptions(command, ['text', 'json'], 'status');
  addProgressOptions(command);
  return { command: addConnectionOptions(command), run };
}

async function run(command: Command, session: CommandSession): Promise<Answer> {
  const [argument = ''] = command.args;
  const flags = command.opts<StatusFlags>();
  const { redactor } = session;
  const format = toFormat(flags, 'status');
  refuseTwoReaders([argument], flags);
  const token = await readToken(argument, session);
  redactor.addTokens([token]);
  const options = await toConnectionOptions(flags, { status: true, receipt: false }, session);
  const { answer, startedAt, elapsedMs } = await requestOnce(
    options,
    (connection, limits) => connection.tokenStatus(token, limits),
    'Checking the status…',
    session,
  );
  const isError = answer instanceof InstaMedError;
  const next = sameCommand(session.argv, argument, token);
  const ending = isError ? endingOfError(answer, session.stoppedBy(), next) : endingOf(answer, flags);
  return {
    document: toDocument('status', ending, {
      final: !isError && (answer.state === 'USED' || answer.state === 'EXPIRED'),
      token,
      ...statusParts(isError ? null : answer),
      startedAt,
      elapsedMs,
    }),
    format,
  };
}

const judged: Readonly<Record<TokenState, Outcome>> = {
  USED: 'answered',
  NEW: 'pending',
  EXPIRED: 'expired',
  UNKNOWN: 'service-error',
};

/** `status` reports, so any answer is a good one, unless the caller wants it judged. */
function endingOf(status: TokenStatus, { exitStatus, expect }: StatusFlags): Ending {
  const summary = summarizeStatus(status, quote);
  if (expect !== undefined && expect !== status.state) {
    return { outcome: 'not-expected', summary: `Expected ${expect}, got ${status.state}. ${summary}` };
  }
  if (exitStatus && status.state === 'UNKNOWN') return endingOfError(serviceError('UNKNOWN_STATUS', summary));
  return { outcome: exitStatus ? judged[status.state] : 'answered', summary };
}
