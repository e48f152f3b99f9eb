import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/domain/outcome.ts';
import { fixtureReply, startAsmxServer } from '../support/asmx-server.ts';
import { readDocument } from '../support/check-document.ts';
import { token } from '../support/run-cli.ts';
import { runCli } from '../support/spawn-cli.ts';

type Row = readonly [folder: string, code: number, outcome: Outcome, status: string | null, statusText: string | null];

/** What a real ASP.NET pipeline answered for a service of this contract, and what `status` must make of it. */
const statusReplies: readonly Row[] = [
  ['soap11-new', 0, 'answered', 'NEW', 'NEW'],
  ['soap11-used', 0, 'answered', 'USED', 'USED'],
  ['soap11-expired', 0, 'answered', 'EXPIRED', 'EXPIRED'],
  ['soap11-action-missing', 0, 'answered', 'NEW', 'NEW'],
  ['soap11-value-complete', 0, 'answered', 'USED', 'complete'],
  ['soap11-value-space', 0, 'answered', 'USED', ' \n USED\t'],
  ['soap11-value-markup', 0, 'answered', 'UNKNOWN', '<USED>&"\''],
  ['soap11-value-null', 5, 'service-error', null, null],
  ['soap11-value-empty', 5, 'service-error', null, null],
  ['soap11-fault-fault', 5, 'service-error', null, null],
  ['soap11-fault-soapfault', 5, 'service-error', null, null],
  ['soap11-fault-wrong-password', 4, 'credentials-rejected', null, null],
  ['soap12-new', 0, 'answered', 'NEW', 'NEW'],
  ['soap12-used', 0, 'answered', 'USED', 'USED'],
  ['soap12-expired', 0, 'answered', 'EXPIRED', 'EXPIRED'],
  ['soap12-value-null', 5, 'service-error', null, null],
  ['soap12-fault-fault', 5, 'service-error', null, null],
  ['soap12-fault-soapfault', 5, 'service-error', null, null],
  ['soap12-fault-wrong-password', 4, 'credentials-rejected', null, null],
];

const receiptReplies: readonly (readonly [folder: string, code: number, outcome: Outcome, judged: number])[] = [
  ['recorded-view-receipt', 0, 'receipt-read', 3],
  ['recorded-not-used-yet', 5, 'service-error', 5],
  ['recorded-no-auth', 4, 'credentials-rejected', 4],
];

test.each([
  ['soap', statusReplies],
  ['nvp', receiptReplies],
] as const)('every recorded reply in fixtures/%s has its row here', (kind, rows) => {
  const fixtures = new URL(`../../fixtures/${kind}/`, import.meta.url);
  const folders = readdirSync(fixtures).filter((folder) => {
    const about = readFileSync(new URL(`${folder}/about.json`, fixtures), 'utf8');
    return JSON.parse(about).origin === 'recorded';
  });
  expect(rows.map(([folder]) => folder).sort()).toEqual(folders.sort());
});

describe.concurrent('status, over a real socket', () => {
  test.each(statusReplies)('%s ends with %i, %s', async (folder, code, outcome, status, statusText) => {
    const is12 = folder.startsWith('soap12');
    const server = await startAsmxServer({ status: [fixtureReply(`soap/${folder}`)] });
    const exit = await runCli(['status', token, '--json', '-q', '--soap-version', is12 ? '1.2' : '1.1'], {
      env: server.env,
    });
    expect(exit.code).toBe(code);
    expect(readDocument(exit, 'status')).toMatchObject({ outcome, exitCode: code, token, status, statusText });

    const [request, ...others] = server.requests;
    expect(others).toEqual([]);
    expect(request?.headers).toMatchObject({
      'content-type': expect.stringMatching(
        is12 ? /^application\/soap\+xml; ?charset=utf-8/ : /^text\/xml; charset=utf-8$/,
      ),
      'content-length': String(Buffer.byteLength(request?.body ?? '')),
    });
    if (!is12) expect(request?.headers['soapaction']).toBe('"http://tempuri.org/GetSSOTokenStatus"');
    expect(request?.body).toContain(`<tokenID>${token}</tokenID>`);
  });
});

describe.concurrent('receipt, over a real socket', () => {
  test.each(receiptReplies)('%s ends with %i, %s, and judged with %i', async (folder, code, outcome, judged) => {
    const server = await startAsmxServer({ receipt: [fixtureReply(`nvp/${folder}`)] });
    const [reported, asked] = await Promise.all(
      [[], ['--exit-status']].map((flags) => runCli(['receipt', token, '--json', '-q', ...flags], { env: server.env })),
    );
    expect([reported?.code, asked?.code]).toEqual([code, judged]);
    const document = readDocument({ stdout: reported?.stdout ?? '' }, 'receipt');
    expect(document).toMatchObject({ outcome, exitCode: code, token });
    // The message of the published receipt says "Partially Approved $1.00"; its status says declined, and that counts.
    const result = outcome === 'receipt-read' ? { result: 'declined', approved: false } : null;
    expect(document.receipt ?? null).toEqual(result && expect.objectContaining(result));

    const request = server.requests[0];
    expect(request?.headers).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded' });
    expect(request?.body.split('&')).toEqual([
      ...['merchantID=0012', 'storeID=0034', 'terminalID=0056', 'transactionAction=ViewReceipt'],
      ...['requestToken=false', 'allowPartialPayment=false', `singleSignOnToken=${token}`],
    ]);
  });
});
