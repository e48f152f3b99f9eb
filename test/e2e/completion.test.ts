import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { lacksTool } from '../support/real-tools.ts';
import { run } from '../support/run-cli.ts';
import { Spawned, scratch } from '../support/spawn-cli.ts';
import { Terminal } from '../support/terminal.ts';

/** What somebody types before the Tab key, and what the line then says, behind `instamed-poll`. */
const lines: readonly (readonly [typed: string, becomes: string])[] = [
  ['wa', 'wait'],
  ['comp', 'completion'],
  ['--vers', '--version'],
  ['wait --acco', 'wait --account-id'],
  ['wait --no-r', 'wait --no-receipt'],
  ['wait --json --prog', 'wait --json --progress'],
  ['wait -o nd', 'wait -o ndjson'],
  ['wait --output te', 'wait --output text'],
  ['wait --output=js', 'wait --output=json'],
  ['wait -q --progress pl', 'wait -q --progress plain'],
  ['wait --profile si', 'wait --profile simulator'],
  ['wait --soap-version 1.2 --profile de', 'wait --soap-version 1.2 --profile default'],
  ['status token --expect EX', 'status token --expect EXPIRED'],
  ['demo receipt-n', 'demo receipt-never'],
  ['demo --speed 5 dec', 'demo --speed 5 declined'],
  ['schema ev', 'schema events'],
  ['completion fi', 'completion fish'],
  ['help exit', 'help exit-codes'],
  ['help simu', 'help simulate'],
  ['decode sav', 'decode saved-reply.txt'],
  ['wait --ca-file sav', 'wait --ca-file saved-reply.txt'],
  // Neither a token, nor an alias, nor an option that the command does not have can be guessed.
  ['wait sav', 'wait sav'],
  ['wait --alias sav', 'wait --alias sav'],
  ['decode --time', 'decode --time'],
];

/** Runs when the Tab key is pressed only if the completion evaluates what somebody has typed so far. */
const trap = 'wait "$(touch evaluated)" --no-r';

async function writeScript(shell: string): Promise<string> {
  const { code, stdout, stderr } = await run(['completion', shell]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const file = join(scratch, `completion.${shell}`);
  writeFileSync(file, stdout);
  return file;
}

beforeAll(() => writeFileSync(join(scratch, 'saved-reply.txt'), 'transactionStatus=C'));

/** In the shell the program is one that says what it was given. */
const program = `instamed-poll() { n=$((n + 1)); echo "GOT$n<$*>"; }`;

/** Types each line into the shell with a Tab behind it, and gives what it became. */
async function typeLines(shell: string, env: Record<string, string> = {}): Promise<string[]> {
  const terminal = new Terminal([], { shell, env, columns: 200 });
  await terminal.shows(/READY>/);
  const became: string[] = [];
  for (const [typed] of lines) {
    terminal.type(`instamed-poll ${typed}\t\r`);
    const seen = new RegExp(`GOT${became.length + 1}<(.*)>`);
    await terminal.shows(seen);
    became.push(seen.exec(terminal.raw)?.[1] ?? '');
  }
  // Ctrl-U takes the line away again.
  terminal.type(`instamed-poll ${trap}\t\x15exit\r`);
  await terminal.exited;
  return became;
}

const wanted = lines.map(([, becomes]) => becomes);

test.skipIf(lacksTool('bash')).each([
  ['alone', ''],
  [
    'with bash-completion, and sourced again',
    'source /usr/share/bash-completion/bash_completion; source completion.bash',
  ],
])('bash completes %s', async (_name, before) => {
  await writeScript('bash');
  const setup = `${before}\nsource completion.bash\n${program}\nbind 'set bell-style none'\nPS1='READY> '\n`;
  writeFileSync(join(scratch, 'bashrc'), setup);
  expect(await typeLines('bash --noprofile --rcfile bashrc -i')).toEqual(wanted);
  expect(existsSync(join(scratch, 'evaluated'))).toBe(false);
});

test.skipIf(lacksTool('zsh'))('zsh completes', async () => {
  await writeScript('zsh');
  const setup = `autoload -Uz compinit; compinit -D -u\nsource completion.zsh\n${program}\nPS1='READY> '\n`;
  writeFileSync(join(scratch, '.zshrc'), setup);
  expect(await typeLines('zsh -i', { ZDOTDIR: scratch })).toEqual(wanted);
  expect(existsSync(join(scratch, 'evaluated'))).toBe(false);
});

test.skipIf(lacksTool('fish'))('fish completes', async () => {
  await writeScript('fish');
  const asks = [...lines.map(([typed]) => typed), trap].map((typed) => {
    return `echo LINE; complete -C'instamed-poll ${typed}'`;
  });
  writeFileSync(join(scratch, 'ask.fish'), ['source completion.fish', ...asks].join('\n'));
  const { code, stdout, stderr } = await new Spawned('fish', ['--no-config', 'ask.fish']).exited;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const answers = stdout
    .split('LINE\n')
    .slice(1)
    .map((answer) => answer.split('\n').map((line) => line.split('\t')[0]));
  // It says what the last word could become; nothing, where it could become nothing else.
  const became = answers.slice(0, -1).map(([only = '', ...others], i) => {
    const typed = lines[i]?.[0] ?? '';
    expect(others.filter((line) => line !== '')).toEqual([]);
    return only === '' ? typed : typed.replace(/\S+$/, only);
  });
  expect(became).toEqual(wanted);
  expect(existsSync(join(scratch, 'evaluated'))).toBe(false);
});
