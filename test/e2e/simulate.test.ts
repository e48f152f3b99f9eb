import { describe, expect, test } from 'vitest';
import { scenarios } from '../../src/sim/scenarios.ts';
import { type Env, isWindows, runCli, runScript, soonMs, startCli } from '../support/spawn-cli.ts';

/**
 * Reads the simulator's script up to its end, runs `session` with what it set, and stops it. The lines have to be read one
 * by one: the simulator goes on, so that its output has no end.
 */
const session = (text: string) => `
  exec 3< <(exec "$NODE" "$CLI" simulate --port 0 --used-after 0s 2>/dev/null)
  simulator=$!
  script=
  while IFS= read -r line <&3; do
    script+=$line$'\\n'
    case $line in '# Then:'*) break ;; esac
  done
  bash -n <<<"$script" || echo 'not a script'
  eval "$script"
  ${text}
  kill "$simulator"
`;

const lastLine = /^# Then: .*\n/m;

describe.skipIf(isWindows).concurrent('simulate', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('goes on until %s stops it, and then ends with %i', async (signal, code) => {
    const started = startCli(['simulate', '--port', '0']);
    await started.saw('stdout', lastLine);
    expect(started.child.exitCode).toBe(null);
    const exit = await started.stop(signal);
    expect(exit).toMatchObject({
      code,
      signal: null,
      stderr: `instamed-poll: The simulator was stopped by ${signal}.\n`,
    });
    expect(exit.afterMs).toBeLessThan(soonMs);
  });

  test('is stopped though a client holds its connection open', async () => {
    const started = startCli(['simulate', '--port', '0']);
    await started.saw('stdout', lastLine);
    const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(started.stdout)?.[0] ?? '';
    const reply = await fetch(origin, { headers: { connection: 'keep-alive' } });
    await reply.text();
    expect(reply.status).toBe(404);
    const exit = await started.stop('SIGTERM');
    expect(exit.code).toBe(143);
    expect(exit.afterMs).toBeLessThan(soonMs);
  });

  test('prints a script that bash accepts and that makes whole sessions possible', async () => {
    const { code, stdout, stderr } = await runScript(
      session(`
        for token in "$APPROVED" "$DECLINED" "$PARTIAL" "$CREDENTIALS_REJECTED"; do
          instamed-poll wait "$token" --field outcome -q 2>/dev/null
          echo "$?"
        done
        instamed-poll wait "$PARTIAL" --accept-partial --field receipt.partialApprovalAmount -q
        instamed-poll status "$NEVER_USED" --expect NEW --field status -q
        instamed-poll receipt "$CARD_STORED" --field outcome -q 2>/dev/null || echo "$?"
      `),
    );
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      ...['approved', '0', 'not-approved', '3', 'not-approved', '3', 'credentials-rejected', '4'],
      ...['1.00', 'NEW', 'service-error', '5', ''],
    ]);
    expect(code).toBe(0);
  });

  test('has no comment behind a value: an interactive zsh would take it for a command, and keep no value', async () => {
    const started = startCli(['simulate', '--port', '0']);
    await started.saw('stdout', lastLine);
    await started.stop('SIGTERM');
    const lines = started.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('# '));
    expect(lines.length).toBeGreaterThan(scenarios.length);
    expect(lines.filter((line) => !/^(?:export )?[A-Z_]+='[^' ]+'$/.test(line))).toEqual([]);
  });

  test('sets a token for every scenario and every setting that a wait needs', async () => {
    const names = scenarios.map(({ name }) => name.toUpperCase().replaceAll('-', '_'));
    const { stdout, stderr } = await runScript(
      session(`
        for name in ${names.join(' ')}; do [ "\${#name}" -gt 0 ] && echo "$name \${!name}"; done
        env | grep ^INSTAMED_ | cut -d= -f1 | sort | xargs echo
      `),
    );
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    const settings = lines.pop()?.split(' ');
    const tokens = lines.map((line) => line.split(' '));
    expect(tokens.map(([name]) => name)).toEqual(names);
    expect(new Set(tokens.map(([, token]) => token)).size).toBe(names.length);
    for (const [, token] of tokens) expect(token).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(settings).toEqual([
      ...[
        'INSTAMED_ACCOUNT_ID',
        'INSTAMED_ALIAS',
        'INSTAMED_MERCHANT_ID',
        'INSTAMED_NVP_PASSWORD',
        'INSTAMED_NVP_USER',
      ],
      ...[
        'INSTAMED_RECEIPT_URL',
        'INSTAMED_SECURITY_KEY',
        'INSTAMED_STATUS_URL',
        'INSTAMED_STORE_ID',
        'INSTAMED_TERMINAL_ID',
      ],
    ]);
  });

  test.each<readonly [string, Env]>([
    ['HTTP_PROXY', { HTTP_PROXY: 'http://127.0.0.1:9' }],
    ['http_proxy', { http_proxy: 'http://127.0.0.1:9' }],
    ['HTTPS_PROXY', { HTTPS_PROXY: 'http://127.0.0.1:9' }],
    ["HTTP_PROXY and a NO_PROXY of one's own", { HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: 'intranet.example' }],
  ])('is reached from a shell with %s', async (_says, env) => {
    // Nothing listens at the proxy: only a request that goes round it is answered.
    const { stdout, stderr } = await runScript(
      session('instamed-poll wait "$APPROVED" --field outcome -q; echo "$NO_PROXY"'),
      { env },
    );
    expect(stderr).toBe('');
    expect(stdout.split('\n')[0]).toBe('approved');
    expect(stdout).toContain(env['NO_PROXY'] ?? '');
  });

  test('on a port that is taken is a usage error that names it', async () => {
    const started = startCli(['simulate', '--port', '0']);
    await started.saw('stdout', lastLine);
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(started.stdout)?.[1] ?? '';
    const second = await runCli(['simulate', '--port', port]);
    expect(second).toMatchObject({ code: 2, stdout: '' });
    expect(second.stderr).toContain(`127.0.0.1:${port} (EADDRINUSE)`);
    await started.stop('SIGTERM');
  });
});
