// Builds dist/ from src/: the library unbundled by tsc (dist/lib), the command line bundled by esbuild (dist/cli), and the
// files that the program describes itself by (dist/schema, dist/man).
// Everything is built beside dist/ and then put in its place, so that a running program meets either the old files or the
// new ones.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { leaveOutUnused, postAlone } from './stand-ins.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const outdir = `dist-${process.pid}`;

/** @satisfies {import('esbuild').BuildOptions} */
const common = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node20.18', logLevel: 'warning' };

/** The late imports of a usual run, in the order in which they take what they share with later ones into their files. */
const firstServed = [
  'src/cli/main.ts',
  'src/cli/command-line.ts',
  'src/cli/commands/status.ts',
  'src/remote/transport.ts',
  'src/remote/client.ts',
  'src/cli/commands/wait.ts',
];

/**
 * Bundles the command line, split at every dynamic import, so that a command loads only what it needs. esbuild splits ES
 * modules alone, into a chunk for every set of modules that share code; Node starts CommonJS faster, and fewer files. So a
 * second pass joins the chunks into CommonJS files. Measured in bare starts of Node, one pass takes 0.4 longer for `--version`
 * and 0.8 for `status` as ES modules, and 0.9 and 0.3 as one CommonJS file.
 */
async function bundleCommandLine() {
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints: ['src/cli/main.ts'],
    outdir: 'chunks',
    write: false,
    metafile: true,
    splitting: true,
    format: 'esm',
    legalComments: 'none',
    plugins: [leaveOutUnused, postAlone(`${root}/${outdir}/cli`)],
    // Its other form asks for its parts in a way that no bundler sees.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    define: { 'process.env.INSTAMED_POLL_VERSION': JSON.stringify(version) },
  });
  const homes = assignHomes(metafile.outputs);
  await build({
    ...common,
    entryPoints: [...new Set(homes.values())].map((home) => ({ in: `home:${home}`, out: basename(home, '.js') })),
    outdir: `${outdir}/cli`,
    format: 'cjs',
    // Names are kept: a stack trace of ours must say where.
    minifyWhitespace: true,
    minifySyntax: true,
    supported: { 'dynamic-import': false },
    plugins: [joinChunks(homes, new Map(outputFiles.map(({ path, text }) => [basename(path), text])))],
  });
  writeFileSync(`${root}/${outdir}/cli/package.json`, '{ "type": "commonjs" }\n');
}

/**
 * The file that each chunk ends in, by the chunk's name: what is imported late has a file of its own, and so has what only
 * others share.
 * @param {import('esbuild').Metafile['outputs']} outputs
 */
function assignHomes(outputs) {
  /** @type {Map<string, string>} */
  const homes = new Map();
  /** @param {string} chunk @param {string} home */
  function assign(chunk, home) {
    if (homes.has(basename(chunk))) return;
    homes.set(basename(chunk), home);
    for (const { path, kind } of outputs[chunk]?.imports ?? []) {
      if (kind === 'import-statement' && outputs[path] && !outputs[path].entryPoint) assign(path, home);
    }
  }
  const chunks = Object.keys(outputs);
  for (const source of firstServed) {
    const chunk = chunks.find((name) => outputs[name]?.entryPoint === source);
    if (!chunk) throw new Error(`${source} is imported late no longer.`);
    assign(chunk, basename(chunk));
  }
  for (const chunk of chunks) homes.set(basename(chunk), homes.get(basename(chunk)) ?? basename(chunk));
  return homes;
}

/**
 * A file exports what the chunk of its name does, and each further chunk as one member, under which other files find it.
 * @param {ReadonlyMap<string, string>} homes @param {ReadonlyMap<string, string>} texts
 * @returns {import('esbuild').Plugin}
 */
function joinChunks(homes, texts) {
  /** @param {string} chunk */
  const memberOf = (chunk) => basename(chunk, '.js').replace('-', '_');
  return {
    name: 'join-chunks',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^home:/ }, ({ path }) => ({ path: path.slice('home:'.length), namespace: 'home' }));
      onResolve({ filter: /^\.\// }, ({ path, kind, importer, namespace }) => {
        const chunk = basename(path);
        if (kind === 'dynamic-import' || namespace === 'elsewhere') return { path, external: true };
        return { path: chunk, namespace: homes.get(chunk) === homes.get(importer) ? 'here' : 'elsewhere' };
      });
      onLoad({ filter: /./, namespace: 'home' }, ({ path: home }) => {
        const others = [...homes.keys()].filter((chunk) => chunk !== home && homes.get(chunk) === home);
        const members = others.map((chunk) => `export * as ${memberOf(chunk)} from './${chunk}';`);
        return { contents: [`export * from './${home}';`, ...members].join('\n') };
      });
      onLoad({ filter: /./, namespace: 'here' }, ({ path }) => ({ contents: texts.get(path) ?? '' }));
      onLoad({ filter: /./, namespace: 'elsewhere' }, ({ path: chunk }) => {
        const home = homes.get(chunk);
        return { contents: `module.exports = require('./${home}')${chunk === home ? '' : `.${memberOf(chunk)}`};` };
      });
    },
  };
}

function compileLibrary() {
  const words = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', `${outdir}/lib`];
  const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('The library does not compile.');
}

/** What they hold comes from the source, which Node 20 cannot import as it is. */
async function writeShippedFiles() {
  const module = join(root, outdir, 'shipped-files.mjs');
  await build({
    ...common,
    entryPoints: ['src/cli/shipped-files.ts'],
    outfile: module,
    format: 'esm',
    packages: 'external',
  });
  const { shippedFiles } = await import(pathToFileURL(module).href);
  rmSync(module);
  for (const [path, text] of await shippedFiles(version)) {
    const file = join(root, outdir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

try {
  compileLibrary();
  await bundleCommandLine();
  await writeShippedFiles();
  rmSync(`${root}/dist`, { recursive: true, force: true });
  renameSync(`${root}/${outdir}`, `${root}/dist`);
} finally {
  rmSync(`${root}/${outdir}`, { recursive: true, force: true });
}
