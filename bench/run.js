// `npm run bench`: measures the program beside its peers and prints one table. See --help.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inCheckout } from './programs.js';
import { describeMachine, putBetweenMarks, renderTable } from './report.js';
import { chooseRows, rows } from './rows.js';

const help = `Usage: npm run bench -- [row or group]… [options]

Measures the program and prints a table: starts in units of a bare start of Node, waiting in seconds of CPU.
Without names everything is measured, which takes about a quarter of an hour on a machine with nothing else to do.

Options:
  --quick       fewer and shorter runs, to see that everything works; half a minute of waiting in place of two
  --pairs <n>   how many pairs of runs a start is measured by (default: 20)
  --no-install  leave out what is not on this machine, in place of installing it (apt-get; npm into a temporary folder)
  --program <f> another build's bin/instamed-poll.js, to compare two (wait-simulated is always of this one)
  --write       put the table into README.md, too; only with every row, and not with --quick
  --help        this text

Rows by group:
${rows.map(({ group, name, about }) => `  ${group.padEnd(8)}${name.padEnd(19)}${about}`).join('\n')}
`;

function readWords() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      pairs: { type: 'string' },
      'no-install': { type: 'boolean', default: false },
      program: { type: 'string', default: inCheckout('bin/instamed-poll.js') },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const pairs = Number(values.pairs ?? (values.quick ? '3' : '20'));
  if (!Number.isInteger(pairs) || pairs < 1) throw new RangeError('--pairs must be a whole number above 0.');
  if (values.write && (values.quick || positionals.length > 0)) {
    throw new RangeError('--write is for the whole table: give no names, and no --quick.');
  }
  return { ...values, pairs, chosen: chooseRows(positionals) };
}

/** A row that cannot be measured says why. @param {import('./row.js').Row} row @param {import('./row.js').Bench} bench */
async function measure(row, bench) {
  console.error(`Measuring ${row.name}: ${row.about}…`);
  try {
    return await row.measure(bench);
  } catch (error) {
    return [{ what: row.about, measured: `not measured: ${error instanceof Error ? error.message : error}` }];
  }
}

/** @param {ReturnType<typeof readWords>} words */
async function run(words) {
  const [load = 0] = loadavg();
  if (load > 0.5)
    console.error(`This machine is busy (load ${load.toFixed(1)}): what is measured now is worse than it is.`);
  const folder = mkdtempSync(join(tmpdir(), 'instamed-poll-bench-'));
  const bench = {
    pairs: words.pairs,
    isQuick: words.quick,
    mayInstall: !words['no-install'],
    program: resolve(words.program),
    folder,
  };
  /** @type {import('./row.js').Line[]} */
  const lines = [];
  try {
    for (const row of words.chosen) lines.push(...(await measure(row, bench)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const results = `${describeMachine(new Date())}\n× is a bare start of Node (\`node -e 0\`).\n\n${renderTable(lines)}`;
  console.log(results);
  const readme = inCheckout('README.md');
  if (words.write) writeFileSync(readme, putBetweenMarks(readFileSync(readme, 'utf8'), results));
}

try {
  const words = readWords();
  if (words.help) console.log(help);
  else await run(words);
} catch (error) {
  // Of the words; what goes wrong in a row stands in its line.
  if (!(error instanceof RangeError || (error instanceof TypeError && 'code' in error))) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
