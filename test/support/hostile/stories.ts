import type { Outcome } from '../../../src/domain/outcome.ts';
import type { Script } from '../raw-server.ts';
import { capturedReceipt } from '../replies.ts';
import { good } from '../soap-replies.ts';
import { type Attack, answer, type Call, type Ends, type Honest } from './attack.ts';
import type { Story } from './hostile-server.ts';

/** The honest answers: a recorded one for the status, a captured one for the receipt. */
export const honestAnswers: Readonly<Record<Call, Honest>> = {
  status: { call: 'status', type: 'text/xml; charset=utf-8', body: Buffer.from(good) },
  receipt: { call: 'receipt', type: 'text/html', body: Buffer.from(capturedReceipt) },
};

const honestly = (call: Call): Script => [answer(honestAnswers[call])];

/** One run of the program against one attack. */
export interface Case {
  readonly name: string;
  readonly argv: readonly [command: 'status' | 'wait' | 'receipt', ...flags: readonly string[]];
  readonly attack: Attack;
  /** The call that is attacked. */
  readonly call: Call;
  readonly story: Story;
  readonly outcome: Outcome;
  /** The code of the error; null where there is none. */
  readonly error: string | null;
}

/** Waits are short: one failure ends them, and what stays NEW or unknown runs into a deadline after the second ask. */
const waitFlags = ['--interval', '1s', '--timeout', '1s', '--max-failures', '1'];

/** Every way in which the program can meet an attack: by the command that makes the attacked call, and by `wait`. */
export function casesOf(attack: Attack): readonly Case[] {
  return (Object.entries(attack.ends) as [Call, Ends][]).flatMap(([call, ends]) => {
    const [outcome, label] = ends.split(' ') as [Outcome, string];
    const isAnswer = outcome === 'answered' || outcome === 'receipt-read';
    const script = attack.play(honestAnswers[call]);
    const attacked = { [call]: [script] };
    const asked: Case = {
      name: `${call}: ${attack.name}`,
      argv: [call],
      attack,
      call,
      story: attacked,
      outcome,
      error: isAnswer ? null : label,
    };
    const story: Story = { status: [honestly('status')], receipt: [honestly('receipt')], ...attacked };
    const waited = call === 'status' ? waitAfterStatus(outcome, label) : waitAfterReceipt(outcome, label);
    return [
      asked,
      { ...asked, name: `wait: ${attack.name}, for the ${call}`, argv: ['wait', ...waitFlags], story, ...waited },
    ];
  });
}

type End = Pick<Case, 'outcome' | 'error'>;

const waitEnds: Readonly<Record<string, End>> = {
  // The receipt that follows is an honest one.
  USED: { outcome: 'approved', error: null },
  NEW: { outcome: 'timed-out', error: 'TIMED_OUT' },
  UNKNOWN: { outcome: 'timed-out', error: 'TIMED_OUT' },
  // Three times in a row, and it is no status.
  MESSAGE: { outcome: 'service-error', error: 'ERROR_TEXT' },
  EXPIRED: { outcome: 'expired', error: null },
};

function waitAfterStatus(outcome: Outcome, label: string): End {
  return outcome === 'answered' ? (waitEnds[label] as End) : { outcome, error: label };
}

/** After USED, money may have moved: whatever keeps a receipt from being read ends alike. */
function waitAfterReceipt(outcome: Outcome, label: string): End {
  if (outcome !== 'receipt-read') return { outcome: 'receipt-unread', error: label };
  if (label === 'unknown') return { outcome: 'unclear', error: null };
  return { outcome: label === 'approved' ? 'approved' : 'not-approved', error: null };
}

/** The exit codes, typed out once more: the program's own table must not judge itself. */
export const codes: Readonly<Partial<Record<Outcome, number>>> = {
  approved: 0,
  answered: 0,
  'receipt-read': 0,
  'not-approved': 3,
  unclear: 3,
  'credentials-rejected': 4,
  'service-error': 5,
  expired: 6,
  unreachable: 7,
  'receipt-unread': 9,
  'timed-out': 124,
};
