import { Command, Option } from 'commander';
import { InstaMedError, usageError } from '../../domain/errors.ts';
import { moneyOf } from '../../domain/money.ts';
import { readReceipt } from '../../domain/receipt.ts';
import { quote } from '../../redact/visible.ts';
import { decodeText } from '../../remote/charset.ts';
import { endingOfError, toDocument } from '../answer/document.ts';
import type { Answer } from '../answer/format.ts';
import { readBytes } from '../input/read-input.ts';
import { addAcceptPartial, addDebugOption, addOutputOptions, type OutputFlags, toFormat } from './options.ts';
import { endingOfReceipt, type JudgeFlags } from './receipt-ending.ts';
import type { CommandSession, CommandSpec } from './session.ts';

interface DecodeFlags extends OutputFlags, JudgeFlags {}

export function decodeCommand(): CommandSpec {
  const command = new Command('decode')
    .description('Decodes and judges a saved NVP reply by the rules of receipt. No network, no settings.')
    .argument('[file]', 'the file, or - for stdin')
    .addOption(new Option('--exit-status', 'let the exit code tell the result: approved 0, not approved 3'));
  addAcceptPartial(command);
  addDebugOption(command, 'show where in the program a bug of its own came from');
  return { command: addOutputOptions(command), run };
}

async function run(command: Command, session: CommandSession): Promise<Answer> {
  const [file] = command.args;
  const flags = command.opts<DecodeFlags>();
  const format = toFormat(flags, 'decode');
  const text = await readReply(file, session);
  try {
    const receipt = readReceipt(text, { redact: session.redactor.redact });
    return {
      document: toDocument('decode', endingOfReceipt(receipt, 'decoded', flags, quote), {
        money: moneyOf(receipt),
        receipt,
      }),
      format,
    };
  } catch (error) {
    if (!(error instanceof InstaMedError)) throw error;
    return { document: toDocument('decode', endingOfError(nameTheFile(error)), { receipt: null }), format };
  }
}

/** Where the file holds neither a receipt nor an error of the service, it may not be a reply at all. */
function nameTheFile(error: InstaMedError): InstaMedError {
  if (!['EMPTY_REPLY', 'NOT_NVP', 'NOT_A_RECEIPT'].includes(error.code)) return error;
  if (error.message.startsWith('The receipt service answered with an error')) return error;
  const message = error.message.replace('The receipt service answered with', 'The saved reply holds');
  return new InstaMedError(error.category, error.code, message, {
    ...error,
    hint: 'Save the whole body of a ViewReceipt reply: one line such as transactionStatus=C&transactionID=…',
  });
}

async function readReply(file: string | undefined, session: CommandSession): Promise<string> {
  if (file === undefined)
    throw usageError('No file was given to decode.', 'Give the file of a saved reply, or - for stdin.');
  try {
    return decodeReply(await readBytes(file, session));
  } catch (error) {
    // What was said already, and a stop.
    if (error instanceof InstaMedError && error.code !== 'BAD_CHARSET') throw error;
    const because = error instanceof InstaMedError ? error.message : (error as NodeJS.ErrnoException).code;
    throw usageError(
      `The file cannot be read: ${file} (${because}).`,
      'Give the file of a saved reply, or - for stdin.',
    );
  }
}

/** A byte that is not UTF-8 decides nothing, and is no reason to refuse a receipt; a text of NULs is no receipt. */
function decodeReply(bytes: Uint8Array): string {
  const text = decodeText(bytes, undefined, { fallback: 'windows-1252' });
  const nuls = text.split('\0').length - 1;
  if (nuls <= text.length / 3) return text;
  throw usageError(
    'The input is UTF-16 text without a byte order mark, or no text at all.',
    'Save it as UTF-8 and try again.',
    'NOT_UTF8',
  );
}
