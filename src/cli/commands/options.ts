import { type Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { usageError } from '../../domain/errors.ts';
import { requireKnownField } from '../answer/field.ts';
import { type Format, type OutputFormat, type ProgressMode, progressModes } from '../answer/format.ts';
import { suggestNearest } from '../input/nearest.ts';
import { type SettingSpec, settingSpecs } from '../settings/settings.ts';

/** What commander reads of the options for progress. */
export interface ProgressFlags {
  readonly progress?: ProgressMode;
  readonly quiet?: true;
  readonly debug?: true;
}

/** What commander reads of the options for output. */
export interface OutputFlags {
  readonly output?: OutputFormat;
  readonly json?: true;
  readonly field?: string;
}

/** commander's own choices, but a slip is told the nearest of them. */
export function oneOf<T extends Argument | Option>(target: T, values: readonly string[]): T {
  target.choices(values);
  target.argParser((word: string) => {
    if (values.includes(word)) return word;
    throw new InvalidArgumentError(`Allowed choices are ${values.join(', ')}.${suggestNearest(word, values)}`);
  });
  return target;
}

export function addOutputOptions(
  command: Command,
  formats: readonly OutputFormat[] = ['text', 'json'],
  field = 'receipt.transactionId',
): Command {
  return command
    .addOption(oneOf(new Option('-o, --output <format>', 'what stdout carries'), formats).default('text'))
    .addOption(new Option('--json', 'the same as -o json'))
    .addOption(new Option('--field <path>', `print one value of the JSON document, bare: ${field}`));
}

/**
 * The format that the flags ask for.
 *
 * @throws InstaMedError `usage`: a `--field` that the document does not have.
 */
export function toFormat(flags: OutputFlags, command: string): Format {
  if (flags.field !== undefined) {
    requireKnownField(flags.field, command);
    return { output: 'text', field: flags.field };
  }
  return { output: flags.json ? 'json' : (flags.output ?? 'text'), field: null };
}

/**
 * The format for a command line that could not be read: JSON where it was asked for, however it was spelled. As commander
 * does it, the last word counts.
 */
export function guessFormat(argv: readonly string[]): Format {
  const words = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length);
  let output: OutputFormat = 'text';
  for (const [i, word] of words.entries()) {
    const value =
      /^(?:--output=|-q?o=?)(.+)$/.exec(word)?.[1] ?? (/^(?:--output|-q?o)$/.test(word) ? words[i + 1] : undefined);
    if (value === 'json' || value === 'ndjson' || value === 'text') output = value;
  }
  return { output: words.includes('--json') ? 'json' : output, field: null };
}

/** The settings as flags, and where else they come from. */
export function addConnectionOptions(command: Command): Command {
  for (const spec of settingSpecs as readonly SettingSpec[]) {
    if (!spec.flag) continue;
    const fallback = spec.fallback ?? spec.fallbackNote;
    const notes = [`env: ${spec.env.slice(0, 2).join(', ')}`, ...(fallback ? [`default: ${fallback}`] : [])];
    command.addOption(new Option(spec.flag, `${spec.label} (${notes.join('; ')})`).helpGroup('Connection:'));
  }
  return command
    .addOption(
      new Option('--profile <name>', 'settings under a name (env: INSTAMED_PROFILE; built in: simulator)').helpGroup(
        'Connection:',
      ),
    )
    .addOption(
      new Option(
        '--secrets-from <->',
        'read INSTAMED_SECURITY_KEY=… and INSTAMED_NVP_PASSWORD=… lines from stdin',
      ).helpGroup('Connection:'),
    );
}

export function addReceiptOptions(command: Command): Command {
  return command
    .addOption(new Option('--request-token', 'ask for the payment plan or stored card that came with the payment'))
    .addOption(new Option('--allow-partial-payment', 'send allowPartialPayment=true'));
}

export function addAcceptPartial(command: Command): Command {
  return command.addOption(new Option('--accept-partial', 'count an approval of a part of the amount as approved'));
}

export function addProgressOptions(command: Command): Command {
  command
    .addOption(oneOf(new Option('--progress <mode>', 'how stderr shows the waiting'), progressModes).default('auto'))
    .addOption(new Option('-q, --quiet', 'the same as --progress none'));
  return addDebugOption(command, 'trace settings, requests and decisions on stderr, secrets masked');
}

/** `program.ts` starts the trace before a command that was given this option. */
export function addDebugOption(command: Command, does: string): Command {
  return command.addOption(new Option('--debug', does));
}

export function toProgressMode({ progress = 'auto', quiet, debug }: ProgressFlags): ProgressMode {
  if (quiet) return 'none';
  // A spinner and the lines of the trace would overwrite each other.
  return progress === 'auto' && debug ? 'plain' : progress;
}

/** A whole number of at least one. */
export function parseCount(name: string): (text: string) => number {
  return (text) => {
    if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
    throw usageError(`${name} is not a whole number from 1: "${text}".`, `Write it like ${name} 6.`);
  };
}
