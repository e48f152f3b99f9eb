import { afterAll, beforeAll, expect, test } from 'vitest';
import { scaleClock, systemClock } from '../../src/poll/clock.ts';
import { finds } from '../support/canaries.ts';
import { readDocument } from '../support/check-document.ts';
import { attackClasses } from '../support/hostile/attacks/index.ts';
import { echoEnv, echoes, leaksIn, withEcho } from '../support/hostile/echo.ts';
import { HostileServer, type Story } from '../support/hostile/hostile-server.ts';
import { type Case, casesOf } from '../support/hostile/stories.ts';
import { reply } from '../support/raw-server.ts';
import { run, type World } from '../support/run-cli.ts';
import { statusReply } from '../support/scripted-transport.ts';

// One wait for many tokens, and each of them meets an attack of its own, on connections that they share.

let server: HostileServer;
beforeAll(async () => {
  server = await HostileServer.start();
});
afterAll(async () => {
  await server.stop();
  // Nobody was ever sent on to another host.
  expect(server.elsewhere.connections).toBe(0);
});

/** One attack in so many, from every class: each alone is in hostile.test.ts. */
const oneIn = 8;

/** What a reset leaves of a reply depends on who is faster, and the program's own limit ends others: those are tested alone. */
const cases = attackClasses
  .flatMap(({ attacks }) => attacks)
  .flatMap((attack) => casesOf(attack).map((each, index) => ({ ...each, index })))
  .filter(({ name, argv, error }) => argv[0] === 'wait' && error !== 'ETIMEDOUT' && !name.includes('a reset there'));

/** Three refused tokens in a row would end the wait for all: of each kind there is one. */
const isRefused = ({ error }: Case) => /^HTTP_40[13]$|^REFUSED/.test(error ?? '');
const sorted = [...cases.filter(isRefused), ...cases.filter((each) => !isRefused(each))];
const attacked = sorted.filter((_each, i) => i % oneIn === 0);

/** The first ask of each token is answered honestly: a host that never gave a status would be a wrong one for all. */
const afterNew = ({ status = [], ...rest }: Story): Story => {
  const { headers, body } = statusReply('NEW');
  return { status: [[reply(body, `Content-Type: ${headers['content-type']}\r\n`)], ...status], ...rest };
};

const wait = ['wait', '--from-file', '-', '--interval', '1s', '--timeout', '30s', '--max-failures', '1'];
const opened = ['--max-rate', '1000', '--concurrency', '100'];

const waitFor = (tokens: readonly string[], flags: readonly string[], world: World = {}) =>
  run([...wait, ...opened, ...flags], {
    isNetworkReal: true,
    env: echoEnv(server.env),
    clock: scaleClock(systemClock, 10),
    stdin: tokens.join('\n'),
    ...world,
  });

test('each token gets the outcome of its own attack', async () => {
  const tokens = attacked.map(({ story }) => server.tell(afterNew(story)));
  const exit = await waitFor(tokens, ['--json', '-q']);
  const { results } = readDocument(exit);
  const met = results?.map(({ outcome, error }, i) => [attacked[i]?.name, outcome, error?.code ?? null]);
  // A host that has answered another token is no host that never answered.
  const expected = attacked.map(({ name, outcome, error }) => [
    name,
    outcome === 'unreachable' ? 'service-error' : outcome,
    error,
  ]);
  expect(met).toEqual(expected);
  expect(met?.length).toBeGreaterThan(50);
  expect(exit.code).toBe(9);
});

test.each([
  ['lines', 'in an error', {}],
  ['rows', 'in the answer', { tty: true, columns: 200 }],
] as const)('as %s nothing leaks where the services echo what they were sent %s', async (_name, echo, world) => {
  const tokens = attacked.slice(0, 30).map(({ attack, index }) =>
    server.tell((token) => {
      const echoing = withEcho(attack, token, echoes[echo] as (typeof echoes)[string]);
      return afterNew(casesOf(echoing)[index]?.story ?? {});
    }),
  );
  const exit = await waitFor(tokens, ['--progress', 'plain'], { tty: ['stderr'], ...world });
  expect(leaksIn({ ...exit, token: tokens[0] as string, isForMachines: false })).toEqual([]);
  expect(tokens.filter((token) => finds(exit.stdout + exit.stderr, token))).toEqual([]);
  expect(exit.stdout + exit.stderr).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
});
