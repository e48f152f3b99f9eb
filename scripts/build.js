// Builds dist/ from src/: the library unbundled by tsc (dist/lib), the command line bundled by esbuild (dist/cli), and the
// files that the program describes itself by (dist/schema, dist/man).
// The bundle is split at every dynamic import, so that a command loads only what it needs. Everything is built beside
// dist/ and then put in its place, so that a program that is running meets either the old files or the new ones.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const outdir = `dist-${process.pid}`;

/**
 * Leaves out what a POST over HTTP/1.1 never reaches.
 * @type {import('esbuild').Plugin}
 */
const smallUndici = {
  name: 'small-undici',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: `${root}/scripts/undici-post.cjs` }));
    // HTTP/2 is never offered to a server, and Node's module for it is a heavy one.
    onLoad({ filter: /undici[\\/]lib[\\/]dispatcher[\\/]client-h2\.js$/ }, () => ({
      contents: "module.exports = () => { throw new TypeError('HTTP/2 was never offered.'); };",
    }));
  },
};

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
    entryPoints: ['src/cli/shipped-files.ts'],
    outfile: module,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  const { shippedFiles } = await import(pathToFileURL(module).href);
  rmSync(module);
  for (const [path, text] of shippedFiles(version)) {
    const file = join(root, outdir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

try {
  compileLibrary();
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outdir: `${outdir}/cli`,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.18',
    minify: true,
    // A stack trace of ours must say where.
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [smallUndici],
    define: { 'process.env.INSTAMED_POLL_VERSION': JSON.stringify(version) },
    // CommonJS dependencies inside an ES module bundle call require for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  await writeShippedFiles();
  rmSync(`${root}/dist`, { recursive: true, force: true });
  renameSync(`${root}/${outdir}`, `${root}/dist`);
} finally {
  rmSync(`${root}/${outdir}`, { recursive: true, force: true });
}
