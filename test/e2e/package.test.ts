import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { publishedSchemas } from '../../src/cli/answer/schema.ts';
import { shippedFiles } from '../../src/cli/shipped-files.ts';
import { fixtureReply, startAsmxServer } from '../support/asmx-server.ts';
import { token } from '../support/run-cli.ts';
import { type Exit, isWindows, root, Spawned, scratch } from '../support/spawn-cli.ts';

const project = join(scratch, 'project');
const installed = join(project, 'node_modules', 'instamed-poll');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

let packed: readonly { readonly path: string; readonly mode: number }[] = [];

/** npm and the compiler take their time on a busy machine. */
const patienceMs = 9_000;

const run = (file: string, ...argv: readonly string[]): Promise<Exit> =>
  new Spawned(file, argv, { killAfterMs: patienceMs }).exited;
const node = (...argv: readonly string[]): Promise<Exit> => run(process.execPath, ...argv);

/** Runs npm: the one that runs us, if one does, because there is none beside a Node that came from the registry. */
function npm(...argv: readonly string[]): Promise<Exit> {
  const script = process.env['npm_execpath'] ?? '';
  return script.endsWith('npm-cli.js') ? node(script, ...argv) : run('npm', ...argv);
}

/** Runs an ES module inside of a project that has the package and, of everything else, the two wire libraries alone. */
async function inProject(code: string, ...argv: readonly string[]): Promise<Exit> {
  const file = join(project, 'script.mjs');
  writeFileSync(file, code);
  return node(file, ...argv);
}

/** Packs the package as npm would publish it, and puts it where npm would install it. */
async function install(): Promise<void> {
  mkdirSync(installed, { recursive: true });
  const settings = ['--offline', '--no-update-notifier', '--ignore-scripts', '--loglevel=error'];
  const pack = await npm('pack', root, '--json', '--pack-destination', project, ...settings);
  expect(pack).toMatchObject({ code: 0, stderr: '' });
  const [{ filename, files }] = JSON.parse(pack.stdout);
  packed = files;
  const unpack = await run('tar', '-xzf', join(project, filename), '-C', installed, '--strip-components=1');
  expect(unpack).toMatchObject({ code: 0, stderr: '' });
  for (const library of ['undici', 'fast-xml-parser', 'tinyqueue']) {
    symlinkSync(join(root, 'node_modules', library), join(project, 'node_modules', library));
  }
}

beforeAll(async () => {
  if (!isWindows) await install();
}, 20_000);

describe.skipIf(isWindows)('the package', () => {
  test('holds the program, the library, README and licence, and nothing that only its makers need', () => {
    const paths = packed.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        ...['package.json', 'README.md', 'LICENSE', 'bin/instamed-poll.js'],
        ...['dist/cli/main.js', 'dist/lib/index.js', 'dist/lib/index.d.ts', 'dist/schema/wait.json'],
      ]),
    );
    const others = paths.filter(
      (path) => !/^(?:package\.json|README\.md|LICENSE|bin\/|dist\/(?:cli|lib|schema|man)\/)/.test(path),
    );
    expect(others).toEqual([]);
    expect(paths.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([]);
  });

  test('says how to start it, what to import, and which Node it needs', () => {
    expect(manifest).toMatchObject({
      name: 'instamed-poll',
      type: 'module',
      license: 'MIT',
      bin: { 'instamed-poll': 'bin/instamed-poll.js' },
      engines: { node: '>=20.18.1' },
      exports: { '.': { types: './dist/lib/index.d.ts', default: './dist/lib/index.js' } },
    });
    expect(packed.find(({ path }) => path === 'bin/instamed-poll.js')?.mode).toBe(0o755);
    expect(readFileSync(join(installed, 'bin/instamed-poll.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(join(installed, 'bin/instamed-poll.js')).mode & 0o111).toBe(0o111);
  });

  test('holds every schema and the man page, as they are made from the source', async () => {
    const files = await shippedFiles(manifest.version);
    const shipped = packed.map(({ path }) => path).filter((path) => /^dist\/(?:schema|man)\//.test(path));
    expect(shipped.sort()).toEqual([...files.keys()].map((path) => `dist/${path}`).sort());
    for (const [path, text] of files) expect(readFileSync(join(installed, 'dist', path), 'utf8')).toBe(text);
    // A list: npm 11 links no man page that is given as a text.
    expect(manifest.man).toEqual(['./dist/man/instamed-poll.1']);
  });

  test.each(publishedSchemas.map(({ name, schema }) => [name, schema] as const))(
    'exports the schema of %s as a file',
    async (name, schema) => {
      const { stdout } = await inProject(`
        import { createRequire } from 'node:module';
        console.log(JSON.stringify(createRequire(import.meta.url)('instamed-poll/schema/${name}.json')));
      `);
      expect(JSON.parse(stdout)).toEqual(schema);
    },
  );

  test('runs nothing when it is installed from a registry', () => {
    const hooks = ['preinstall', 'install', 'postinstall'];
    expect(Object.keys(manifest.scripts).filter((name) => hooks.includes(name))).toEqual([]);
  });

  test('has a program that runs where it was unpacked, and knows its version', async () => {
    const program = join(installed, manifest.bin['instamed-poll']);
    expect(await run(program, '--version')).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
    const demo = await node(program, 'demo', '--speed', '400', '--field', 'outcome', '-q');
    expect(demo).toMatchObject({ code: 0, stdout: 'approved\n', stderr: '' });
  });
});

describe.skipIf(isWindows)('the library', () => {
  test('has these names and no others', async () => {
    const { stdout } = await inProject(
      "import * as library from 'instamed-poll'; console.log(Object.keys(library).join(' '));",
    );
    // In the order of the alphabet, as a module lists them.
    expect(stdout.trim().split(' ')).toEqual([
      ...[
        'InstaMedError',
        'PaymentWatcher',
        'Redactor',
        'Secret',
        'createClient',
        'createTransport',
        'defaultOptions',
        'defaultPaymentsOptions',
      ],
      ...[
        'formatDuration',
        'moneyOf',
        'outcomeOfReceipt',
        'parseDuration',
        'parseEndpoint',
        'readReceipt',
        'readTokenStatus',
      ],
      ...['systemClock', 'waitForPayment', 'waitForPayments'],
    ]);
  });

  test('prints nothing, and can do without the libraries of the command line', async () => {
    // None of them can be found from the project, so that an import of one would throw.
    const { code, stdout, stderr } = await inProject(`
      import 'instamed-poll';
      for (const name of ['commander', 'ora', 'chalk', 'cli-table3', 'wrap-ansi', 'jsonc-parser', 'leven']) {
        await import(name).then(() => console.log(name), () => {});
      }
    `);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('keeps its insides to itself', async () => {
    const { stdout } = await inProject(
      "await import('instamed-poll/dist/cli/main.js').catch(({ code }) => console.log(code));",
    );
    expect(stdout).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });

  const readmeExample = (): string => {
    const [, section = ''] = readFileSync(join(root, 'README.md'), 'utf8').split('\n## The library\n');
    return /^```ts\n(.*?)^```$/ms.exec(section)?.[1] ?? '';
  };

  test('does what the example in the README shows', async () => {
    const server = await startAsmxServer({
      status: [fixtureReply('soap/soap11-used')],
      receipt: [fixtureReply('nvp/recorded-view-receipt')],
    });
    const example = readmeExample()
      .replace(/'https:\/\/[^']*SSOService\.asmx'/, `'${server.env['INSTAMED_STATUS_URL']}'`)
      .replace(/'https:\/\/[^']*NVP\.aspx'/, `'${server.env['INSTAMED_RECEIPT_URL']}'`);
    const { code, stdout, stderr } = await inProject(`const token = '${token}';\n${example}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('not-approved not-taken 0ca7530a86084b468fff132ab7f04491\n');
    expect(server.requests.map(({ path }) => path)).toEqual(['/SSOService.asmx', '/NVP.aspx']);
  });

  test('has types with which that example compiles, strictly', async () => {
    const options = {
      ...{ strict: true, noEmit: true, target: 'es2023', module: 'nodenext', skipLibCheck: false },
      ...{ types: ['node'], typeRoots: [join(root, 'node_modules', '@types')] },
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['example.mts'] }));
    writeFileSync(join(project, 'example.mts'), `declare const token: string;\n${readmeExample()}`);
    const tsc = await node(join(root, 'node_modules/typescript/bin/tsc'), '-p', project);
    expect(tsc).toMatchObject({ stdout: '', code: 0 });
  }, 10_000);
});
