import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @param {string} path from the root of the checkout */
export const inCheckout = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const usageAtExit = inCheckout('bench/usage-at-exit.cjs');

/**
 * What every contender knows of its surroundings. NODE_EXTRA_CA_CERTS is not among it: it alone doubles the start of Node.
 * @param {string} folder its home
 * @param {string} [url] of the status service
 */
export function environment(folder, url = '') {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    TERM: 'xterm-256color',
    TZ: 'UTC',
    ...(url && {
      INSTAMED_STATUS_URL: url,
      INSTAMED_ACCOUNT_ID: 'bench@instamed.net',
      INSTAMED_ALIAS: 'bench',
      INSTAMED_SECURITY_KEY: 'bench-security-key',
    }),
  };
}

/**
 * @typedef {object} Contender
 * @property {string} file
 * @property {readonly string[]} argv
 * @property {Record<string, string>} env
 * @property {RegExp} prints what stdout must hold; a run that failed is no measurement
 */

/** What a program that failed says of it. @param {string} text */
const complaintIn = (text) => (/^.*error\b.*$/im.exec(text)?.[0] ?? text.trim().split('\n')[0] ?? '').slice(0, 200);

/** Runs a program to its end and gives the milliseconds that it took. @param {Contender} contender */
function time({ file, argv, env, prints }) {
  const startedAt = performance.now();
  const { status, error, stdout, stderr } = spawnSync(file, argv, { env, encoding: 'utf8' });
  const tookMs = performance.now() - startedAt;
  if (error) throw error;
  if (status !== 0 || !prints.test(stdout)) {
    throw new Error(`${file} ended with ${status}: ${complaintIn(stderr || stdout)}`);
  }
  return tookMs;
}

/** Runs a contender and a bare Node in turn. @param {Contender} contender @param {number} count */
export function timePairs(contender, count) {
  const bare = {
    file: process.execPath,
    argv: ['-e', '0'],
    env: environment(contender.env['HOME'] ?? ''),
    prints: /^$/,
  };
  // What is read from a disk, or compiled and kept, is so for everybody from the second run on.
  time(bare);
  time(contender);
  return Array.from({ length: count }, () => ({ bareMs: time(bare), contenderMs: time(contender) }));
}

/**
 * @typedef {object} Usage
 * @property {number} cpuMs user and system together
 * @property {number | null} memoryMiB at most; null where the system does not tell
 * @property {number} tookMs
 */

/** The words and the environment by which a Node program notes what it used. @param {readonly string[]} words @param {string} folder @param {Record<string, string>} env */
export function notingUsage(words, folder, env) {
  const usageFile = join(mkdtempSync(join(folder, 'usage-')), 'usage.json');
  return {
    argv: ['--require', usageAtExit, ...words],
    env: { ...env, USAGE_FILE: usageFile },
    /** @returns {{ cpuMs: number, memoryMiB: number | null }} */
    read: () => JSON.parse(readFileSync(usageFile, 'utf8')),
  };
}

/**
 * Runs a Node program to its end, its stdout in a file, and gives what it used.
 * @param {{ words: readonly string[], env: Record<string, string>, folder: string, exitCode: number }} run
 * @returns {Promise<Usage>}
 */
export async function useOf({ words, env, folder, exitCode }) {
  const noted = notingUsage(words, folder, env);
  const stdout = openSync(join(folder, 'stdout'), 'w');
  const startedAt = performance.now();
  const child = spawn(process.execPath, noted.argv, { env: noted.env, stdio: ['ignore', stdout, 'pipe'] });
  closeSync(stdout);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr = (stderr + text).slice(-2_000);
  });
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  const tookMs = performance.now() - startedAt;
  if (code !== exitCode) throw new Error(`it ended with ${code}: ${complaintIn(stderr)}`);
  return { ...noted.read(), tookMs };
}
