// Builds dist/ from src/: the library unbundled by tsc (dist/lib), the command line bundled by esbuild (dist/cli).
// The bundle is split at every dynamic import, so that a command loads only what it needs. Everything is built beside
// dist/ and then put in its place, so that a program that is running meets either the old files or the new ones.
import { spawnSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const outdir = `dist-${process.pid}`;

/**
 * Leaves out what a POST over HTTP/1.1 never reaches. The transport and its trace get the small part of undici; the
 * module for proxies, which is loaded late, the whole of it.
 * @type {import('esbuild').Plugin}
 */
const smallUndici = {
  name: 'small-undici',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, ({ importer }) =>
      /(?:transport|traced-pool)\.ts$/.test(importer) ? { path: `${root}/scripts/undici-post.cjs` } : undefined,
    );
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
  rmSync(`${root}/dist`, { recursive: true, force: true });
  renameSync(`${root}/${outdir}`, `${root}/dist`);
} finally {
  rmSync(`${root}/${outdir}`, { recursive: true, force: true });
}
