import { type CommandEnding, codesOfEndings } from './exit-codes.ts';

/** What the help of a command, and its part of the man page, say beside its options. */
export interface CommandGuide {
  readonly examples: readonly string[];
  /** Every ending that the command can have. */
  readonly endings: readonly CommandEnding[];
}

const broken = ['internal-error', 'usage-error'] as const;
const judged = ['approved', 'authorized', 'card-stored', 'not-approved', 'unclear'] as const;
const asking = ['credentials-rejected', 'service-error', 'unreachable', 'interrupted'] as const;
const waiting = [...broken, ...judged, ...asking, 'expired', 'receipt-unread', 'timed-out'] as const;
const printing = ['done', ...broken] as const;
/** A secret may be asked for, and Ctrl-C is an answer, too. */
const changing = [...printing, 'interrupted'] as const;

/** The guide of each command, by its name. */
export const commandGuides: Readonly<Record<string, CommandGuide>> = {
  wait: {
    examples: ['instamed-poll wait NTJmY2Y5NmMtOTg2Yi00NDM0LTk2ZWYtZjc3OGE1OTVhN2Qz'],
    endings: [...waiting, 'used'],
  },
  status: {
    examples: ['instamed-poll status "$TOKEN" --expect NEW'],
    endings: ['answered', 'not-expected', 'expired', 'pending', ...broken, ...asking],
  },
  receipt: {
    examples: ['instamed-poll receipt "$TOKEN" --field receipt.transactionId'],
    endings: ['receipt-read', ...broken, ...judged, ...asking],
  },
  decode: {
    examples: ['instamed-poll decode saved-reply.txt --json | jq .receipt.result'],
    endings: ['decoded', ...broken, ...judged, 'credentials-rejected', 'service-error', 'interrupted'],
  },
  demo: { examples: ['instamed-poll demo declined'], endings: waiting },
  simulate: { examples: ['instamed-poll simulate --used-after 5s'], endings: [...broken, 'interrupted'] },
  doctor: {
    examples: [`instamed-poll doctor --json | jq -r '.checks[] | select(.state == "failed").remedy'`],
    endings: ['done', ...broken, ...asking],
  },
  config: { examples: ['instamed-poll config list'], endings: changing },
  'config list': { examples: ['instamed-poll config list --profile clinic'], endings: changing },
  'config get': { examples: ['instamed-poll config get statusUrl'], endings: changing },
  'config set': {
    examples: ['instamed-poll config set accountId NAME@instamed.net', 'instamed-poll config set securityKey'],
    endings: changing,
  },
  'config unset': { examples: ['instamed-poll config unset proxy'], endings: changing },
  'config path': { examples: ['instamed-poll config path'], endings: changing },
  schema: {
    examples: ['instamed-poll schema wait > wait.schema.json'],
    endings: printing,
  },
  completion: { examples: ['eval "$(instamed-poll completion bash)"'], endings: printing },
  help: { examples: ['instamed-poll help exit-codes'], endings: printing },
};

/** The end of a command's help. */
export function renderGuide({ examples, endings }: CommandGuide): string {
  const title = examples.length === 1 ? 'Example:' : 'Examples:';
  const codes = codesOfEndings(endings).map(([code, names]) => `${String(code).padStart(5)}  ${names}`);
  return [
    '',
    title,
    ...examples.map((line) => `  ${line}`),
    '',
    'Exit codes (instamed-poll help exit-codes says more):',
    ...codes,
  ].join('\n');
}
