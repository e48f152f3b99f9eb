// Runs every test on each supported release of Node, or on those that are named: `npm run test:matrix -- 20.18.1 26`.
// The npm registry carries Node itself, so npm is all that this needs.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The oldest that package.json allows, and the newest of each even number since. */
const supported = ['20.18.1', '22', '24', '26'];

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'instamed-poll-matrix-'));

/** Installs a release of Node into npm's cache and gives its path. @param {string} version */
function findNode(version) {
  const words = ['--yes', '--package', `node@${version}`, 'node', '-p', 'process.execPath'];
  const { stdout, stderr, status } = spawnSync('npx', words, {
    encoding: 'utf8',
    // npx is a .cmd file on Windows, which Node starts through a shell only; the version was looked at.
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm did not bring Node ${version}: ${stderr}`);
  return stdout.trim();
}

/** @param {string} node @param {string} report */
function runTests(node, report) {
  const words = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  return spawnSync(node, words, {
    cwd: root,
    // What a test starts by the name of node is that one, too.
    env: { ...process.env, PATH: dirname(node) + delimiter + process.env['PATH'] },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
}

/** Runs the tests on one release, and prints what came of them. @param {string} version */
function testOn(version) {
  const node = findNode(version);
  const { stdout: exact } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  const report = join(folder, `${version}.json`);
  const startedAt = performance.now();
  const { status, stdout, stderr } = runTests(node, report);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  if (status !== 0) console.error(`${stdout}\n${stderr}`);
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = readReport(report);
  console.log(`Node ${exact.trim()}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds} s)`);
  // Trouble outside of a test fails the run with no failed test.
  return { passed, failed, isGood: status === 0 && failed === 0 && passed > 0 };
}

/** @param {string} report */
function readReport(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
  }
}

const versions = process.argv.length > 2 ? process.argv.slice(2) : supported;
const strange = versions.filter((version) => !/^\d+(?:\.\d+){0,2}$/.test(version));
if (strange.length > 0) {
  console.error(`Not a version of Node: ${strange.join(', ')}. Try: npm run test:matrix -- ${supported.join(' ')}`);
  process.exit(2);
}

try {
  const results = versions.map(testOn);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  console.log(`${versions.length} versions of Node: ${passed} passed, ${failed} failed`);
  if (results.some(({ isGood }) => !isGood)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
