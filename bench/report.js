import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

/** @typedef {import('./row.js').Line} Line */

/** @param {Line} line */
const showGoal = ({ goal, isMet }) => (goal === undefined ? '' : `${goal}, ${isMet ? 'met' : '**missed**'}`);

/** @param {string} text */
const cell = (text) => text.replaceAll('|', '\\|');

/** The results as a table in Markdown. @param {readonly Line[]} lines */
export function renderTable(lines) {
  return [
    '| what | measured | goal |',
    '| --- | --- | --- |',
    ...lines.map((line) => `| ${cell(line.what)} | ${cell(line.measured)} | ${showGoal(line)} |`),
  ].join('\n');
}

/** Where and when it was measured, in one sentence. @param {Date} date */
export function describeMachine(date) {
  const models = new Set(cpus().map(({ model }) => model.trim()));
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB`;
  const machine = `${cpus().length} × ${[...models].join(', ')}, ${memory}, ${systemName()}`;
  return `Measured on ${date.toISOString().slice(0, 10)} with Node ${process.versions.node} on ${machine}.`;
}

function systemName() {
  try {
    const [, name] = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
    return `${name ?? type()} (${type()} ${release()})`;
  } catch {
    return `${type()} ${release()}`;
  }
}

const begin = '<!-- measured: npm run bench -- --write -->';
const end = '<!-- end of what was measured -->';

/** A text with what stands between the two marks put in place of what stood there. @param {string} text @param {string} results */
export function putBetweenMarks(text, results) {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new Error(`The two marks are missing: ${begin} and ${end}`);
  return `${text.slice(0, from + begin.length)}\n${results}\n${text.slice(to)}`;
}
