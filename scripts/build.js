// Builds dist/ from src/: the library unbundled by tsc (dist/lib), the command line bundled by esbuild (dist/cli), and the
// files that the program describes itself by (dist/schema, dist/man).
// The bundle is split at every dynamic import, so that a command loads only what it needs. Everything is built beside
// dist/ and then put in its place, so that a program that is running meets either the old files or the new ones.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const llhttp = require('undici/lib/llhttp/constants.js');
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const outdir = `dist-${process.pid}`;
const target = 'node20.18';

/** What a library asks for and never uses here, by the file that asks: loading it would take a part of every start. */
const unused = [
  // It is for commands that are programs of their own.
  { library: 'commander', name: /^node:child_process$/, instead: 'module.exports = {};' },
  // undici wants two things of it: a class, to know its streams from those of others, and Node's limit for headers.
  {
    library: 'undici',
    name: /^node:http$/,
    instead: 'module.exports = { IncomingMessage: class {}, maxHeaderSize: 16384 };',
  },
  // For its message Node reads and parses the file in which an assertion stands, and our lines are long: seconds of it. A status
  // below 100 fails one.
  {
    library: 'undici',
    name: /^node:assert$/,
    instead: `module.exports = (holds, message = 'an assertion') => {
      if (!holds) throw Object.assign(new Error(message), { code: 'ERR_ASSERTION' });
    };`,
  },
  // HTTP/2 is never offered to a server.
  {
    library: 'undici',
    name: /client-h2\.js$/,
    instead: "module.exports = () => { throw new TypeError('No HTTP/2.'); };",
  },
  // Of its parser's tables it reads two.
  {
    library: 'undici',
    name: /llhttp\/constants\.js$/,
    instead: `module.exports = ${JSON.stringify({ TYPE: llhttp.TYPE, ERROR: llhttp.ERROR })};`,
  },
  // Both are for what we refuse before we parse, or never ask for: the entities of a DTD, and numbers.
  {
    library: 'fast-xml-parser',
    name: /^is-unsafe$/,
    instead: "export const HTML = '', XML = ''; export const isUnsafe = () => true;",
  },
  { library: 'fast-xml-parser', name: /^strnum$/, instead: 'export default (text) => text;' },
  // Our bodies are strings, never forms.
  { library: 'undici', name: /web\/fetch\/body\.js$/, instead: 'module.exports = {};' },
];

/** @type {import('esbuild').Plugin} */
const leaveOutUnused = {
  name: 'leave-out-unused',
  setup({ onResolve, onLoad, onEnd }) {
    const stale = new Set(unused.map(({ name }) => String(name)));
    for (const [index, { library, name }] of unused.entries()) {
      onResolve({ filter: name }, ({ importer }) => {
        if (!importer.includes(join('node_modules', library))) return undefined;
        stale.delete(String(name));
        return { path: String(index), namespace: 'unused' };
      });
    }
    onLoad({ filter: /./, namespace: 'unused' }, ({ path }) => ({ contents: unused[Number(path)]?.instead ?? '' }));
    onEnd(() => {
      // A new version of a library may have given it up, or another name.
      if (stale.size > 0) throw new Error(`No library asks any longer for ${[...stale].join(', ')}.`);
    });
  },
};

/**
 * Takes the parts of undici that a POST over HTTP/1.1 needs, and its parser's WebAssembly as a file: in JavaScript it is
 * 70 KB of Base64, twice.
 * @type {import('esbuild').Plugin}
 */
const smallUndici = {
  name: 'small-undici',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: `${root}/scripts/undici-post.cjs` }));
    onLoad({ filter: /undici[\\/]lib[\\/]llhttp[\\/].*-wasm\.js$/ }, ({ path }) => {
      const name = `${basename(path, '-wasm.js')}.wasm`;
      mkdirSync(`${root}/${outdir}/cli`, { recursive: true });
      writeFileSync(`${root}/${outdir}/cli/${name}`, require(path));
      return { contents: `module.exports = require('node:fs').readFileSync(__dirname + '/${name}');` };
    });
  },
};

/** What is loaded together stands in one file: every file takes its part of a millisecond to find and to read. */
const together = [
  'src/cli/main.ts',
  'src/cli/command-line.ts',
  'src/cli/commands/status.ts',
  'src/remote/transport.ts',
  'src/remote/client.ts',
  'src/cli/commands/wait.ts',
];

/**
 * Bundles the command line, split at every dynamic import. esbuild splits ES modules alone, and into a chunk for every
 * set of modules that share code; Node starts CommonJS faster, and fewer files. So a second pass joins the chunks.
 */
async function bundleCommandLine() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outdir: 'chunks',
    bundle: true,
    write: false,
    metafile: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [leaveOutUnused, smallUndici],
    define: { 'process.env.INSTAMED_POLL_VERSION': JSON.stringify(version) },
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  const chunks = Object.entries(metafile.outputs);

  /** The file that each chunk ends in, by the chunk's name. @type {Map<string, string>} */
  const homes = new Map();
  /** @param {string} chunk @param {string} home */
  function settle(chunk, home) {
    if (homes.has(basename(chunk))) return;
    homes.set(basename(chunk), home);
    for (const { path, kind } of metafile.outputs[chunk]?.imports ?? []) {
      // What is loaded late keeps a file of its own.
      const output = metafile.outputs[path];
      if (kind === 'import-statement' && output && !output.entryPoint) settle(path, home);
    }
  }
  for (const source of together) {
    const [chunk = ''] = chunks.find(([, { entryPoint }]) => entryPoint === source) ?? [];
    settle(chunk, basename(chunk));
  }
  for (const [chunk] of chunks) if (!homes.has(basename(chunk))) homes.set(basename(chunk), basename(chunk));

  for (const home of new Set(homes.values())) await writeFile(home, texts, homes);
  writeFileSync(`${root}/${outdir}/cli/package.json`, '{ "type": "commonjs" }\n');
}

/**
 * Writes one file of the command line: its chunks, of which each but the first is a member of the exports, so that other
 * files find it there.
 * @param {string} home @param {ReadonlyMap<string, string>} texts @param {ReadonlyMap<string, string>} homes
 */
async function writeFile(home, texts, homes) {
  /** @param {string} chunk */
  const memberOf = (chunk) => basename(chunk, '.js').replace('-', '_');
  const others = [...homes].filter(([chunk, itsHome]) => itsHome === home && chunk !== home).map(([chunk]) => chunk);
  /** @type {import('esbuild').Plugin} */
  const joinChunks = {
    name: 'join-chunks',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\// }, ({ path, kind, namespace }) => {
        const chunk = basename(path);
        if (kind === 'dynamic-import' || namespace === 'elsewhere') return { path, external: true };
        return { path: chunk, namespace: homes.get(chunk) === home ? 'here' : 'elsewhere' };
      });
      onLoad({ filter: /./, namespace: 'here' }, ({ path }) => ({ contents: texts.get(path) ?? '' }));
      onLoad({ filter: /./, namespace: 'elsewhere' }, ({ path: chunk }) => {
        const file = homes.get(chunk);
        const member = chunk === file ? '' : `.${memberOf(chunk)}`;
        return { contents: `module.exports = require('./${file}')${member};` };
      });
    },
  };
  await build({
    absWorkingDir: root,
    stdin: {
      contents: [
        `export * from './${home}';`,
        ...others.map((chunk) => `export * as ${memberOf(chunk)} from './${chunk}';`),
      ].join('\n'),
    },
    outfile: `${outdir}/cli/${home}`,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target,
    // Names are kept: a stack trace of ours must say where.
    minifyWhitespace: true,
    minifySyntax: true,
    supported: { 'dynamic-import': false },
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [joinChunks],
  });
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
    absWorkingDir: root,
    entryPoints: ['src/cli/program/shipped-files.ts'],
    outfile: module,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
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
