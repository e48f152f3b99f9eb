// What the command line's bundle holds in place of parts of its libraries, which would take a share of every start.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const llhttp = require('undici/lib/llhttp/constants.js');

/**
 * What a library asks for and never uses here, by the file that asks. Beside each stands its worth in bare starts of Node,
 * for `status` over plain HTTP; one below 0.05 is not worth its place.
 */
const unused = [
  // It is for commands that are programs of their own. 0.02, and 0.11 for `--help`, which needs no node:net otherwise.
  { library: 'commander', name: /^node:child_process$/, instead: 'module.exports = {};' },
  // undici wants two things of it: a class, to know its streams from those of others, and Node's limit for headers. 0.07.
  {
    library: 'undici',
    name: /^node:http$/,
    instead: 'module.exports = { IncomingMessage: class {}, maxHeaderSize: 16384 };',
  },
  // Nothing at the start. For its message Node reads and parses the file in which an assertion stands, and our lines are long:
  // a reply with a status below 100, which fails one, took 11 seconds in place of 0.4.
  {
    library: 'undici',
    name: /^node:assert$/,
    instead: `module.exports = (holds, message = 'an assertion') => {
      if (!holds) throw Object.assign(new Error(message), { code: 'ERR_ASSERTION' });
    };`,
  },
  // HTTP/2 is never offered to a server. 0.40.
  {
    library: 'undici',
    name: /client-h2\.js$/,
    instead: "module.exports = () => { throw new TypeError('No HTTP/2.'); };",
  },
  // Of its parser's tables it reads two. 0.07.
  {
    library: 'undici',
    name: /llhttp\/constants\.js$/,
    instead: `module.exports = ${JSON.stringify({ TYPE: llhttp.TYPE, ERROR: llhttp.ERROR })};`,
  },
  // Our bodies are strings, never forms. 0.07.
  { library: 'undici', name: /web\/fetch\/body\.js$/, instead: 'module.exports = {};' },
];

/** @type {import('esbuild').Plugin} */
export const leaveOutUnused = {
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
 * @param {string} folder of the bundle
 * @returns {import('esbuild').Plugin}
 */
export const postAlone = (folder) => ({
  name: 'post-alone',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: fileURLToPath(new URL('undici-post.cjs', import.meta.url)) }));
    onLoad({ filter: /undici[\\/]lib[\\/]llhttp[\\/].*-wasm\.js$/ }, ({ path }) => {
      const name = `${basename(path, '-wasm.js')}.wasm`;
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, name), require(path));
      return { contents: `module.exports = require('node:fs').readFileSync(__dirname + '/${name}');` };
    });
  },
});
