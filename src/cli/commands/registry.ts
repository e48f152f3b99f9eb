import type { CommandGuide } from '../program/command-tree.ts';
import type { CommandSpec } from './session.ts';

/** A command: what the list in the help, its own help, the man page and completion show of it, and where it is. */
export interface CommandEntry extends CommandGuide {
  readonly name: string;
  /** What follows the name in the list of commands; a test compares it with the command itself. */
  readonly usage: string;
  readonly summary: string;
  /** Loading and building every command takes longer than running one. */
  readonly load: () => Promise<() => CommandSpec>;
  readonly subcommands?: Readonly<Record<string, CommandGuide>>;
}

const broken = ['internal-error', 'usage-error'] as const;
const judged = ['approved', 'authorized', 'card-stored', 'not-approved', 'unclear'] as const;
const requesting = ['credentials-rejected', 'service-error', 'unreachable', 'interrupted'] as const;
const waiting = [...broken, ...judged, ...requesting, 'expired', 'receipt-unread', 'timed-out'] as const;
const printing = ['done', ...broken] as const;
/** A secret may be typed, and Ctrl-C is an answer, too. */
const changing = [...printing, 'interrupted'] as const;

/** Every command, in the order in which help lists them. */
export const registry: readonly CommandEntry[] = [
  {
    name: 'wait',
    usage: '[options] [token...]',
    summary: 'wait for a payment to complete, read its receipt, and judge it',
    examples: ['instamed-poll wait NTJmY2Y5NmMtOTg2Yi00NDM0LTk2ZWYtZjc3OGE1OTVhN2Qz'],
    endings: [...waiting, 'used'],
    load: async () => (await import('./wait.ts')).waitCommand,
  },
  {
    name: 'status',
    usage: '[options] <token>',
    summary: 'check the status of a token once',
    examples: ['instamed-poll status "$TOKEN" --expect NEW'],
    endings: ['answered', 'not-expected', 'expired', 'pending', ...broken, ...requesting],
    load: async () => (await import('./status.ts')).statusCommand,
  },
  {
    name: 'receipt',
    usage: '[options] <token>',
    summary: 'read the receipt of a used token',
    examples: ['instamed-poll receipt "$TOKEN" --field receipt.transactionId'],
    endings: ['receipt-read', ...broken, ...judged, ...requesting],
    load: async () => (await import('./receipt.ts')).receiptCommand,
  },
  {
    name: 'decode',
    usage: '[options] [file]',
    summary: 'decode a saved NVP reply',
    examples: ['instamed-poll decode saved-reply.txt --json | jq .receipt.result'],
    endings: ['decoded', ...broken, ...judged, 'credentials-rejected', 'service-error', 'interrupted'],
    load: async () => (await import('./decode.ts')).decodeCommand,
  },
  {
    name: 'demo',
    usage: '[options] [scenario]',
    summary: 'show a wait from start to end, without an account',
    examples: ['instamed-poll demo declined'],
    endings: waiting,
    load: async () => (await import('./demo.ts')).demoCommand,
  },
  {
    name: 'simulate',
    usage: '[options]',
    summary: 'serve a local stand-in for InstaMed until stopped',
    examples: ['instamed-poll simulate --used-after 5s'],
    endings: [...broken, 'interrupted'],
    load: async () => (await import('./simulate.ts')).simulateCommand,
  },
  {
    name: 'doctor',
    usage: '[options]',
    summary: 'check settings, network and services, and show how to fix what fails',
    examples: [`instamed-poll doctor --json | jq -r '.checks[] | select(.state == "failed").remedy'`],
    endings: ['done', ...broken, ...requesting],
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  {
    name: 'config',
    usage: '',
    summary: 'read and write profiles',
    examples: ['instamed-poll config list'],
    endings: changing,
    load: async () => (await import('./config.ts')).configCommand,
    subcommands: {
      list: { examples: ['instamed-poll config list --profile clinic'], endings: changing },
      get: { examples: ['instamed-poll config get statusUrl'], endings: changing },
      set: {
        examples: ['instamed-poll config set accountId NAME@instamed.net', 'instamed-poll config set securityKey'],
        endings: changing,
      },
      unset: { examples: ['instamed-poll config unset proxy'], endings: changing },
      path: { examples: ['instamed-poll config path'], endings: changing },
    },
  },
  {
    name: 'schema',
    usage: '[options] [document]',
    summary: 'print the JSON Schema of an output document',
    examples: ['instamed-poll schema wait > wait.schema.json'],
    endings: printing,
    load: async () => (await import('./schema.ts')).schemaCommand,
  },
  {
    name: 'completion',
    usage: '<shell>',
    summary: 'print the completion script for a shell',
    examples: ['eval "$(instamed-poll completion bash)"'],
    endings: printing,
    load: async () => (await import('./completion.ts')).completionCommand,
  },
  {
    name: 'help',
    usage: '[topic]',
    summary: 'show help for a command or topic',
    examples: ['instamed-poll help exit-codes'],
    endings: printing,
    load: async () => (await import('./help.ts')).helpCommand,
  },
];

/** The guide of each command and subcommand, by the words that lead to it. */
export const guides: ReadonlyMap<string, CommandGuide> = new Map(
  registry.flatMap((entry) => [
    [entry.name, entry] as const,
    ...Object.entries(entry.subcommands ?? {}).map(([word, guide]) => [`${entry.name} ${word}`, guide] as const),
  ]),
);
