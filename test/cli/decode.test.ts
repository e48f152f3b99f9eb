import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDocument } from '../support/check-document.ts';
import { capturedReceipt, publishedError, publishedReceipt } from '../support/replies.ts';
import { run } from '../support/run-cli.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'decode-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function save(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe.each([
  ['as it is', publishedReceipt],
  ['with a byte order mark', `\uFEFF${publishedReceipt}`],
  ['with a line end', `${publishedReceipt}\n`],
  ['with a byte order mark, a last & and line ends of Windows', `\uFEFF${publishedReceipt}&\r\n\r\n`],
])('the published sample, %s', (name, text) => {
  const expected = { outcome: 'decoded', receipt: { result: 'declined', transactionStatus: 'D', partial: true } };

  test('from a file', async () => {
    const { code, stdout, stderr, stdinReads } = await run(['decode', save(name, text), '--json'], { env: {} });
    const document = readDocument({ stdout });
    expect({ code, stderr, stdinReads }).toEqual({ code: 0, stderr: '', stdinReads: 0 });
    expect(document).toMatchObject(expected);
    expect(document.receipt?.fields).toHaveLength(17);
    expect(document.receipt?.transactionDate).toBe('2016-01-15T20:37:21.5238539Z');
  });

  test('from stdin', async () => {
    const { code, stdout, opened, stdinReads } = await run(['decode', '-', '--json'], { env: {}, stdin: text });
    const document = readDocument({ stdout });
    expect({ code, opened, stdinReads }).toEqual({ code: 0, opened: [], stdinReads: 1 });
    expect(document).toMatchObject(expected);
    expect(document.receipt?.fields).toHaveLength(17);
  });
});

test('bytes that are not UTF-8 are read as Windows wrote them', async () => {
  const file = save('latin.txt', Buffer.from('transactionStatus=C&cardHolderName=JOS\u00C9 L\u00D3PEZ', 'latin1'));
  const { stdout } = await run(['decode', file, '--json']);
  expect(readDocument({ stdout }).receipt?.card.holderName).toBe('JOSÉ LÓPEZ');
});

test('the error form is an error: category, code and reference number', async () => {
  const { code, stdout, stderr } = await run(['decode', '-', '--json'], { stdin: publishedError });
  expect(code).toBe(5);
  expect(readDocument({ stdout })).toMatchObject({
    command: 'decode',
    outcome: 'service-error',
    receipt: null,
    error: { code: 'NVP_400', category: 'service', reference: '02198MGNBZ' },
  });
  expect(stderr).toMatch(/^instamed-poll: The receipt service answered with an error \(errorCode 400: /);
});

test.each([
  ['nothing', '', 'EMPTY_REPLY'],
  ['white space', ' \r\n', 'EMPTY_REPLY'],
  ['a page', '<!DOCTYPE html><a href="?transactionStatus=C">', 'NOT_NVP'],
  ['pairs of something else', 'a=1&b=2', 'NOT_A_RECEIPT'],
])('%s is no receipt', async (_name, text, error) => {
  const { code, stdout } = await run(['decode', save('none.txt', text), '--json', '--exit-status']);
  expect(code).toBe(5);
  expect(readDocument({ stdout }).error?.code).toBe(error);
});

test.each([
  ['nothing', '', 'nothing.'],
  ['a page', '<html>', 'something that is not name=value text (a web page, perhaps).'],
  ['pairs of something else', 'a=1', 'name=value pairs, but none of them belongs to a receipt.'],
])('a file of %s is told of as a file: no service and no URL is blamed', async (_name, text, holds) => {
  const { code, stderr } = await run(['decode', save('other.txt', text)]);
  expect(code).toBe(5);
  expect(stderr).toBe(
    `instamed-poll: The saved reply holds ${holds}\nSave the whole body of a ViewReceipt reply: one line such as transactionStatus=C&transactionID=…\n`,
  );
});

test("a saved error keeps the service's words and its hint", async () => {
  const { stderr } = await run(['decode', '-'], { stdin: 'errorMessage=Something broke' });
  expect(stderr).toBe(
    'instamed-poll: The receipt service answered with an error: Something broke\nRead the receipt again in a minute.\n',
  );
});

test.each([
  ['a missing file', () => join(folder, 'missing.txt'), 'ENOENT'],
  ['a folder', () => folder, 'EISDIR'],
])('%s is a usage error that tells why', async (_name, path, because) => {
  const { code, stdout, stderr } = await run(['decode', path()]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`instamed-poll: The file cannot be read: ${path()} (${because}).\n`);
  expect(stderr).toContain('Give the file of a saved reply, or - for stdin.');
});

test('a file in a character set that it only claims is no receipt', async () => {
  const file = save('half.txt', Buffer.from([0xff, 0xfe, 0x41]));
  const { code, stderr } = await run(['decode', file]);
  expect(code).toBe(5);
  expect(stderr).toContain('The saved reply holds something that is not name=value text');
});

test('a captured approval, as lines', async () => {
  const { stdout } = await run(['decode', '-'], { stdin: capturedReceipt });
  const lines = stdout.split('\n');
  expect(lines).toContain('outcome\tdecoded');
  expect(lines).toContain(
    'summary\tApproved. The payment was taken. Until it settles it can be voided; after that it can only be refunded.',
  );
  expect(lines).toContain('receipt.approved\ttrue');
  expect(lines).toContain('receipt.fields.isSignatureRequired\tfalse');
});
