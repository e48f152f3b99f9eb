import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { makeFolder } from '../clean-up.ts';
import type { Program } from '../run-cli.ts';

const openRedactor = fileURLToPath(new URL('open-redactor.ts', import.meta.url));

/** Everybody but the open redactor itself, which is made of the other one, gets the open one. */
const withOpenVault: Plugin = {
  name: 'open-redactor',
  setup({ onResolve }) {
    onResolve({ filter: /\/redactor\.ts$/ }, ({ importer }) =>
      importer === openRedactor ? undefined : { path: openRedactor },
    );
  },
};

/** The program with its masks taken away, and with its own network: it would not know the errors of another build. */
export async function buildUnmasked(): Promise<Program> {
  const outfile = join(makeFolder(), 'unmasked.mjs');
  await build({
    stdin: {
      contents: `
        export { main } from './src/cli/main.ts';
        import { createTransport } from './src/remote/transport.ts';
        export const openTransport = async (options) => createTransport(options);`,
      resolveDir: fileURLToPath(new URL('../../../', import.meta.url)),
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
    plugins: [withOpenVault],
    // CommonJS dependencies inside an ES module bundle call require for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return import(pathToFileURL(outfile).href);
}
