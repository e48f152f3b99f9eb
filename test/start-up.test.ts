import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixtureReply, startAsmxServer } from './support/asmx-server.ts';
import { makeConfigHome } from './support/config-home.ts';
import { readImports, sourceFiles } from './support/imports.ts';
import { token } from './support/run-cli.ts';
import { type Env, root, runCli, scratch } from './support/spawn-cli.ts';

// What a start loads is what it takes, so that is what is checked; `npm run bench` has the times.

const imports = readImports();

/** What is loaded with a file: all that it imports, but for what it imports late. */
function loadedWith(...entries: readonly string[]): ReadonlySet<string> {
  const loaded = new Set<string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const { file, target, isType, isLate } of imports) if (file === name && !isType && !isLate) load(target);
  };
  for (const entry of entries) load(entry);
  return loaded;
}

const isForeign = (name: string) => !name.endsWith('.ts');

describe('in the source', () => {
  test('the version needs eight files and no library', () => {
    const loaded = [...loadedWith('cli/main.ts')];
    expect(loaded.filter(isForeign)).toEqual(['node:fs']);
    expect(loaded.length).toBeLessThan(9);
  });

  test('nothing heavy is loaded before a command needs it', () => {
    const loaded = [...loadedWith('cli/command-line.ts')];
    expect(loaded.filter(isForeign).sort()).toEqual(['commander', 'leven']);
    // Nor what a single command prints, or the build.
    const late = [
      'cli/program/completion/',
      'cli/program/man-page.ts',
      'cli/shipped-files.ts',
      'cli/doctor/run-doctor.ts',
    ];
    for (const path of late) expect(sourceFiles.some((file) => file.startsWith(path))).toBe(true);
    expect(loaded.filter((name) => late.some((path) => name.startsWith(path)))).toEqual([]);
  });

  test.each([
    ['remote/transport.ts', ['node:events', 'node:net', 'node:timers/promises', 'node:util', 'undici']],
    ['remote/client.ts', ['fast-xml-parser']],
  ])('%s brings nothing but what every request needs', (file, foreign) => {
    expect([...loadedWith(file)].filter(isForeign).sort()).toEqual(foreign);
  });
});

describe('in the program as it is built', () => {
  interface Loaded {
    /** Of the program's own, without what esbuild adds to their names. */
    readonly files: readonly string[];
    /** Of Node's own modules those that were not there before. */
    readonly node: readonly string[];
  }

  let runs = 0;
  async function loadedBy(argv: readonly string[], env: Env = {}): Promise<Loaded> {
    runs += 1;
    const file = join(scratch, `loaded-${runs}.json`);
    const preload = join(root, 'test/support/loaded-files.cjs');
    const { code, stderr } = await runCli(argv, {
      env: { ...env, NODE_OPTIONS: `--require "${preload.replaceAll('\\', '/')}"`, LOADED_FILE: file },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { files, node } = JSON.parse(readFileSync(file, 'utf8')) as Loaded;
    return { files: files.map((path) => basename(path).replace(/-[A-Z0-9]{8}(?=\.js$)/, '')), node };
  }

  /** Modules of Node that take some milliseconds, and that no part of the program needs for a plain answer. */
  const heavy = ['child_process', 'crypto', 'http', 'http2', 'https', 'perf_hooks', 'tls', 'worker_threads', 'zlib'];

  test('the version is one file beside the bin', async () => {
    const { files, node } = await loadedBy(['--version']);
    expect(files).toEqual(['instamed-poll.js', 'main.js']);
    expect(node.filter((name) => heavy.includes(name))).toEqual([]);
  });

  test('the help is two', async () => {
    const { files, node } = await loadedBy(['--help']);
    expect(files).toEqual(['instamed-poll.js', 'main.js', 'command-line.js']);
    expect(node.filter((name) => heavy.includes(name))).toEqual([]);
  });

  test('a status over plain HTTP is five', async () => {
    const { env } = await startAsmxServer({ status: [fixtureReply('soap/soap11-new')] });
    const { files, node } = await loadedBy(['status', token, '-q'], env);
    expect(files).toEqual(['instamed-poll.js', 'main.js', 'command-line.js', 'status.js', 'transport.js', 'client.js']);
    expect(node.filter((name) => heavy.includes(name))).toEqual([]);
    // It tells that the names are as they are taken to be.
    expect(node).toContain('net');
  });

  test('a file of profiles brings its reader along', async () => {
    const { env } = await startAsmxServer({ status: [fixtureReply('soap/soap11-new')] });
    const home = makeConfigHome({ profiles: { default: { alias: 'a' } } });
    const { files } = await loadedBy(['status', token, '-q'], { ...env, ...home.env });
    expect(files).toContain('parse-profiles.js');
  });
});
