// Makes a checkout ready to run: installs what the lock file says, unless that is already there, then builds.
// Runs before anything is installed, so it uses Node alone.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} path */
const modifiedAt = (path) => statSync(`${root}/${path}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** @param {string} command @param {string[]} args */
function run(command, args) {
  // npm is a .cmd file on Windows, which Node starts through a shell only; the words are constants.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, INSTAMED_POLL_SETUP: '1' },
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

// npm writes this file last, so an interrupted install is an install still to do.
if (modifiedAt('node_modules/.package-lock.json') < modifiedAt('package-lock.json')) {
  process.stderr.write('Installing the dependencies (npm ci)…\n');
  // An npm that runs us may have been told to install globally; that is not for these.
  run('npm', ['ci', '--include=dev', '--no-global', '--no-audit', '--no-fund', '--loglevel=error']);
}
run('node', ['scripts/build.js']);
