import { describe, expect, test } from 'vitest';
import { canaryEnv, finds, secrets, spellings } from '../../support/canaries.ts';
import { escapeXml } from '../../support/echo.ts';
import { type ManyRun, type ManyWorld, paid, tokensOf, waitMany } from '../../support/many-world.ts';
import { fault, publishedError, receipt, status, times } from '../../support/replies.ts';
import type { TokenStory } from '../../support/token-transport.ts';

const { 'the token': _published, ...ofAccount } = secrets;

/** A run in which some services echo what they were sent, and what they were sent for others. That they would is invented. */
function echoing(tokens: readonly string[], spell: (secret: string) => string): Readonly<Record<string, TokenStory>> {
  const at = (index: number) => tokens[index] as string;
  const all = (own: number, other: number) =>
    [at(own), at(other), ...Object.values(ofAccount)].map((secret) => spell(secret)).join(' ');
  const stories: Readonly<Record<string, TokenStory>> = {
    [at(0)]: { status: [status(escapeXml(`held ${spell(at(0))}`)), status('EXPIRED')] },
    [at(1)]: { status: [status(escapeXml(`held:${spell(at(0))}.`)), status('EXPIRED')] },
    [at(2)]: { status: [status('NEW'), fault('Client', escapeXml(`No: ${all(2, 0)}`))] },
    [at(3)]: { status: [status('NEW'), fault('Server', escapeXml(`Busy: ${all(3, 1)}`)), status('EXPIRED')] },
    [at(4)]: {
      status: [status('USED')],
      receipt: [receipt(`transactionStatus=D&responseCode=010&responseMessage=No ${all(4, 0)}`)],
    },
    [at(5)]: { status: [status('USED')], receipt: times(5, receipt(`errorCode=400&errorMessage=No: ${all(5, 1)}`)) },
  };
  return { ...Object.fromEntries(tokens.map((token) => [token, paid('C')])), ...stories };
}

const ways: readonly (readonly [name: string, flags: readonly string[], world: ManyWorld, isForMachines: boolean])[] = [
  ['lines', ['--progress', 'plain'], {}, false],
  ['rows', ['--progress', 'plain'], { tty: true, columns: 300 }, false],
  ['JSON', ['--json', '--progress', 'json'], {}, true],
  ['events with a trace', ['-o', 'ndjson', '--debug'], {}, true],
];

/** What a run has shown of its secrets and of its tokens. */
function leaksIn({ stdout, stderr }: ManyRun, tokens: readonly string[], isForMachines: boolean): string[] {
  const found = Object.entries(ofAccount).flatMap(([name, secret]) => (finds(stdout + stderr, secret) ? [name] : []));
  const shown = isForMachines ? stderr : stdout + stderr;
  return [...found, ...tokens.filter((token) => finds(shown, token))];
}

// The other spellings are a matter of the mask alone: test/redact/mask.test.ts.
const spelled = ['plain', 'percent'].map((name) => [name, spellings[name] as (secret: string) => string] as const);

describe('of many tokens none is shown, and no secret', () => {
  const tokens = tokensOf(8);

  test.each(spelled.flatMap(([spelling, spell]) => ways.map((way) => [spelling, way[0], spell, way] as const)))(
    'that a service echoes: %s, as %s',
    async (_spelling, _way, spell, [, flags, world, isForMachines]) => {
      const run = await waitMany([...tokens, ...flags], echoing(tokens, spell), { ...world, env: canaryEnv });
      expect(run.code).toBe(9);
      expect(leaksIn(run, tokens, isForMachines)).toEqual([]);
    },
  );

  test.each([
    ['a pipe', false],
    ['a terminal', true],
  ])('where an error that holds them is the worst: %s', async (_place, tty) => {
    const stories = { ...echoing(tokens, (secret) => secret), [tokens[5] as string]: paid('C') };
    const run = await waitMany([...tokens, '-q'], stories, { tty, env: canaryEnv });
    expect(run.code).toBe(5);
    expect(leaksIn(run, tokens, false)).toEqual([]);
  });

  test('where somebody stops it, or the time is over', async () => {
    const stories = Object.fromEntries(tokens.map((token) => [token, { status: [status('NEW')] }]));
    for (const world of [{}, { tty: true }]) {
      const stopped = await waitMany(tokens, stories, { ...world, stop: { signal: 'SIGINT', afterMs: 25_000 } });
      expect(stopped.code).toBe(130);
      expect(leaksIn(stopped, tokens, false)).toEqual([]);
      const late = await waitMany([...tokens, '--timeout', '30s'], stories, world);
      expect(late.code).toBe(124);
      expect(leaksIn(late, tokens, false)).toEqual([]);
    }
  });

  test('in the command that reads a receipt', async () => {
    const stories = Object.fromEntries(
      tokens.map((token) => [token, { status: [status('USED')], receipt: [receipt(publishedError)] }]),
    );
    const run = await waitMany([...tokens, '-q'], stories);
    expect(run.code).toBe(9);
    expect(run.stderr).toMatch(/^Next: instamed-poll receipt - {3}\(then paste the token \S{4}…\S{4}\)$/m);
    expect(leaksIn(run, tokens, false)).toEqual([]);
  });
});

test('the search finds what it looks for', async () => {
  const [first, second] = tokensOf(2) as [string, string];
  const run = await waitMany([first, second, '--json', '-q'], { [first]: paid('C'), [second]: paid('C') });
  expect(leaksIn(run, [first, second], false)).toEqual([first, second]);
});
