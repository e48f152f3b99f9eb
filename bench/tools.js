import { spawnSync } from 'node:child_process';

/** A registry that does not answer must not hold up everything else. */
const timeout = 180_000;

/** @param {string} file @param {readonly string[]} argv */
const works = (file, argv) => spawnSync(file, argv, { stdio: 'ignore', timeout }).status === 0;

/** The first line of what a program says of itself. @param {string} file @param {readonly string[]} argv */
export function firstLineOf(file, argv) {
  const { stdout } = spawnSync(file, argv, { encoding: 'utf8' });
  return stdout.trim().split('\n')[0] ?? '';
}

/** The words before a command of root's, or null for somebody who may not become root without a password. */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  return works('sudo', ['-n', 'true']) ? ['sudo', '-n'] : null;
}

/** @param {readonly string[]} packages */
function installPackages(packages) {
  const root = asRoot();
  if (!root || !works('apt-get', ['--version'])) return;
  console.error(`Installing ${packages.join(', ')} (apt-get)…`);
  for (const words of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
    const [file = '', ...argv] = [...root, 'apt-get', ...words];
    spawnSync(file, argv, { stdio: 'ignore', timeout, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  }
}

/**
 * Sees to it that a tool is there.
 * @param {readonly string[]} probe the words that only work where it is
 * @param {readonly string[]} packages Debian's, that bring it
 * @param {boolean} mayInstall
 */
export function needTool([file = '', ...argv], packages, mayInstall) {
  if (works(file, argv)) return;
  if (mayInstall) installPackages(packages);
  if (!works(file, argv)) throw new Error(`${file} is missing here (Debian: ${packages.join(', ')})`);
}

/** Installs a package of npm's into a folder. @param {string} name with its version @param {string} folder @param {boolean} mayInstall */
export function needNpmPackage(name, folder, mayInstall) {
  if (!mayInstall) throw new Error(`the npm package ${name} is missing here`);
  console.error(`Installing ${name} (npm) into a temporary folder…`);
  const words = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', name];
  if (!works('npm', words)) throw new Error(`npm could not install ${name}`);
}
