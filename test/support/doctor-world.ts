import { expect } from 'vitest';
import type { CheckResult } from '../../src/cli/answer/check-result.ts';
import type { Document } from '../../src/cli/answer/document.ts';
import type { HttpReply, HttpRequest, Transport } from '../../src/remote/http.ts';
import { readDocument } from './check-document.ts';
import { type Run, run, type World } from './run-cli.ts';
import { faultReply, textReply } from './scripted-transport.ts';

type Reply = HttpReply | Error | (() => Promise<HttpReply>);

/** What each of the doctor's three requests meets. */
export interface Replies {
  readonly status?: Reply;
  readonly soap?: Reply;
  readonly receipt?: Reply;
}

/** The time of the manual clock. */
export const date = 'Sun, 22 Nov 2026 10:00:00 GMT';

/** As ASMX was recorded to answer an empty request; the fault and the NVP error have recorded shapes and texts of ours. */
export const goodReplies = {
  status: textReply('', { status: 400, headers: { date, 'content-type': 'text/xml' } }),
  soap: faultReply('Client', 'The token is not known to this account.'),
  receipt: textReply('errorCode=400&errorMessage=No action', { headers: { date } }),
} as const;

/** A network on which all is well but for what a test changes; it keeps every request. */
export class DoctorTransport implements Transport {
  readonly requests: HttpRequest[] = [];
  readonly #replies: Required<Replies>;

  constructor(changes: Replies = {}) {
    this.#replies = { ...goodReplies, ...changes };
  }

  async post(request: HttpRequest): Promise<HttpReply> {
    this.requests.push(request);
    const isReceipt = request.url.pathname === '/NVP.aspx';
    const reply = this.#replies[isReceipt ? 'receipt' : request.body === '' ? 'status' : 'soap'];
    if (reply instanceof Error) throw reply;
    return typeof reply === 'function' ? reply() : reply;
  }

  async close(): Promise<void> {}
}

export interface Examined extends Run {
  readonly document: Document;
  /** Without the one that the doctor never tries. */
  readonly checks: readonly CheckResult[];
  /** The check with this ID. */
  check(id: string): CheckResult;
  /** The IDs of those in this state. */
  ids(state: CheckResult['state']): string[];
}

/** Runs the doctor and reads its document. */
export async function examine(flags: readonly string[] = [], world: World = {}): Promise<Examined> {
  const result = await run(['doctor', '--json', '-q', ...flags], { transport: new DoctorTransport(), ...world });
  const document = readDocument(result, 'doctor');
  const all = Array.isArray(document.checks) ? (document.checks as readonly CheckResult[]) : [];
  const checks = all.filter(({ id }) => id !== untried);
  expect(result.code).toBe(document.exitCode);
  return {
    ...result,
    document,
    checks,
    check: (id) => {
      const found = all.find((check) => check.id === id);
      if (!found) throw new Error(`There is no check ${id}.`);
      return found;
    },
    ids: (state) => checks.filter((check) => check.state === state).map(({ id }) => id),
  };
}

/** No receipt is read, so a password for receipts is not tried; a test of its own looks at it. */
export const untried = 'nvp-password';

const hostIds = (side: string) => ['dns', 'connect', 'proxy', 'tls', 'http', 'clock'].map((part) => `${side}-${part}`);

/** Every check but that one, where the two URLs have hosts of their own. */
export const allIds: readonly string[] = [
  ...['node', 'profile-file', 'settings', 'account', 'outlet', 'ca-file', 'status-url', 'receipt-url'],
  ...[...hostIds('status'), 'soap', ...hostIds('receipt'), 'nvp'],
];

/** Those of one host from the named one on, with the service's own. */
export function from(id: string): string[] {
  const [side = ''] = id.split('-');
  const ids = [...hostIds(side), side === 'status' ? 'soap' : 'nvp'];
  return ids.slice(ids.indexOf(id));
}
