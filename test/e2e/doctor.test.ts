import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { accountAt, fixtureReply, startAsmxServer } from '../support/asmx-server.ts';
import { makeCertificate } from '../support/certificate.ts';
import { readDocument } from '../support/check-document.ts';
import { RawServer, reply, tunnelTo } from '../support/raw-server.ts';
import { isWindows, runCli, scratch, soonMs, startCli } from '../support/spawn-cli.ts';
import { ctrlC, Terminal } from '../support/terminal.ts';

/** Recorded: what ASMX answers to a body that is no XML, and its Fault for what a method throws. */
const [unreadable, fault] = [fixtureReply('soap/http-415-empty'), fixtureReply('soap/soap11-fault-fault')];
const nvpError = { status: 200, headers: {}, body: Buffer.from('errorCode=400&errorMessage=No'), isWhole: true };

test('the doctor goes through a proxy and TLS as the other commands do', async () => {
  const tls = makeCertificate();
  const caFile = join(scratch, 'doctor.pem');
  writeFileSync(caFile, tls.cert);
  const scripts = [reply('', '', '400 Bad Request'), reply('', '', '503 Busy'), reply('errorCode=1&errorMessage=No')];
  const service = await RawServer.start(
    scripts.map((script) => [script]),
    { tls },
  );
  const proxy = await RawServer.start(Array.from({ length: 5 }, () => [tunnelTo(service.port)]));
  const env = { ...accountAt(`https://127.0.0.1:${service.port}`), HTTPS_PROXY: proxy.url };
  const exit = await runCli(['doctor', '--json', '-q', '--ca-file', caFile], { env });
  expect(readDocument(exit, 'doctor')).toMatchObject({
    outcome: 'service-error',
    exitCode: 5,
    summary: '1 of 18 checks failed (Status call (SOAP)), and 1 was not made.',
  });
  expect(exit.code).toBe(5);
  expect(exit.stdout).toContain('trusted by the CA file');
  expect(proxy.requests).toHaveLength(5);
});

test('an authority that NODE_EXTRA_CA_CERTS names is told as the one that is trusted', async () => {
  const tls = makeCertificate();
  const caFile = join(scratch, 'doctor-extra.pem');
  writeFileSync(caFile, tls.cert);
  const busy = [reply('', '', '503 Busy')];
  const service = await RawServer.start([busy, busy], { tls });
  const env = { ...accountAt(`https://127.0.0.1:${service.port}`), NODE_EXTRA_CA_CERTS: caFile };
  const exit = await runCli(['doctor', '--field', 'checks.status-tls.detail', '-q'], { env });
  expect(exit.stdout).toMatch(/trusted by NODE_EXTRA_CA_CERTS\n$/);
});

describe.skipIf(isWindows)('Ctrl-C', () => {
  test('ends the doctor soon, with what is known', async () => {
    const server = await startAsmxServer({ status: ['silence'] });
    const started = startCli(['doctor', '--json', '-q'], { env: server.env });
    await server.arrived(1);
    const exit = await started.stop('SIGINT');
    expect(exit).toMatchObject({ code: 130, signal: null });
    expect(exit.afterMs).toBeLessThan(soonMs);
    const { checks, outcome } = readDocument(exit, 'doctor');
    expect(outcome).toBe('interrupted');
    expect(Array.isArray(checks) && checks.at(-1)).toMatchObject({ id: 'status-http', state: 'skipped' });
  });

  test('ends it on a terminal, with the list so far and the cursor', async () => {
    const server = await startAsmxServer({ status: [unreadable, fault], receipt: ['silence'] });
    const terminal = new Terminal(['doctor'], { env: server.env });
    await terminal.shows(/Checking: HTTP of the receipt URL/);
    terminal.type(ctrlC);
    expect((await terminal.exited).code).toBe(130);
    const { screen } = terminal;
    expect(screen.isCursorShown).toBe(true);
    expect(screen.text).not.toContain('Checking');
    expect(screen.text).toMatch(/^✓ ok {7}Node \(\d+ ms\): \d/);
    expect(screen.text).toContain('Stopped after 15 checks, of which 0 failed.');
  });
});

test.skipIf(isWindows)('on a terminal the list is whole, in order, and no spinner is left in it', async () => {
  const server = await startAsmxServer({ status: [unreadable, fault], receipt: [nvpError] });
  const terminal = new Terminal(['doctor'], { env: server.env, columns: 500 });
  expect((await terminal.exited).code).toBe(0);
  const { lines, isCursorShown, overflows } = terminal.screen;
  const list = lines.slice(0, lines.indexOf(''));
  const others = list.filter((line) => !/^✓ ok {7}\S/.test(line));
  expect(others.map((line) => line.replace(/:.*/, ''))).toEqual([
    '- skipped  NVP password',
    '           → To try it with a token that is USED',
  ]);
  expect(list).toHaveLength(17 + others.length);
  expect(lines[lines.indexOf('') + 1]).toBe('None of 18 checks failed; not tried: NVP password.');
  expect(isCursorShown).toBe(true);
  expect(overflows).toBe(0);
});
