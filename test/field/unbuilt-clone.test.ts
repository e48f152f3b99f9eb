import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Exit, isWindows, root, Spawned, scratch } from '../support/spawn-cli.ts';

const clone = join(scratch, 'clone');

/** What is checked out and a build needs; the libraries are installed, and nothing is built. */
function makeClone(): void {
  rmSync(clone, { recursive: true, force: true });
  mkdirSync(join(clone, 'node_modules'), { recursive: true });
  const parts = ['bin', 'scripts', 'src', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
  for (const part of [...parts, 'README.md', 'LICENSE']) {
    cpSync(join(root, part), join(clone, part), { recursive: true });
  }
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(clone, 'node_modules', name));
  }
  // As npm leaves it behind an install; without it the set-up would install.
  writeFileSync(join(clone, 'node_modules', '.package-lock.json'), '{}');
}

const script = process.env['npm_execpath'] ?? '';

/** npm without a network, in the clone. */
function npm(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Exit> {
  const words = ['--prefix', clone, '--offline', '--no-update-notifier', '--loglevel=error', ...argv];
  const isScript = script.endsWith('npm-cli.js');
  const options = { env, killAfterMs: 30_000 };
  return isScript
    ? new Spawned(process.execPath, [script, ...words], options).exited
    : new Spawned('npm', words, options).exited;
}

const start = (): Promise<Exit> =>
  new Spawned(process.execPath, [join(clone, 'bin', 'instamed-poll.js'), '--version']).exited;

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const isBuilt = () => existsSync(join(clone, 'dist', 'cli', 'main.js'));

describe.skipIf(isWindows)('a clone that nobody has built', () => {
  beforeEach(makeClone);

  test('starts with one line that says what to run, not with a stack trace', async () => {
    expect(await start()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'instamed-poll is not built. Run this in its folder: npm run setup\n',
    });
  });

  test('gives npm pack a package with the program in it', async () => {
    const pack = await npm(['pack', clone, '--json', '--pack-destination', scratch]);
    expect(pack.code).toBe(0);
    const [{ files }] = JSON.parse(pack.stdout);
    const paths = files.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(expect.arrayContaining(['dist/cli/main.js', 'dist/lib/index.js', 'dist/schema/wait.json']));
    expect(paths.filter((path: string) => path.startsWith('scripts/'))).toEqual([]);
  }, 40_000);

  test('is built where npm takes it from its folder or from git, which is once', async () => {
    expect(await npm(['run', 'prepare'])).toMatchObject({ code: 0 });
    expect(await start()).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
    const mark = join(clone, 'dist', 'mark');
    writeFileSync(mark, '');
    expect(await npm(['run', 'prepare'])).toMatchObject({ code: 0 });
    // A build would have put another folder in its place.
    expect(existsSync(mark)).toBe(true);
  }, 40_000);

  test.each([
    ['without the tools for it', { npm_config_omit: 'dev' }],
    ['by the set-up, which builds itself', { INSTAMED_POLL_SETUP: '1' }],
  ])('is left alone where it is installed %s', async (_name, env) => {
    expect(await npm(['run', 'prepare'], env)).toMatchObject({ code: 0 });
    expect(isBuilt()).toBe(false);
  });

  test('has a hook that does no harm in the folder of an unpacked package, which holds no scripts', async () => {
    rmSync(join(clone, 'scripts'), { recursive: true });
    expect(await npm(['run', 'prepare'])).toMatchObject({ code: 0 });
  });
});
