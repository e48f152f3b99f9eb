import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, useOf } from '../programs.js';
import { judgedLine } from '../row.js';
import { withServer } from '../start-server.js';

const intervalMs = 10_000;
const delayMs = 100;

/**
 * @typedef {object} Size
 * @property {number} tokens
 * @property {'text' | 'json'} [output]
 * @property {{ lateMs: number, share: number, memoryMiB: number }} [goal]
 */

/** @param {number} ms */
const showSeconds = (ms) => `${(ms / 1_000).toFixed(3)} s`;
/** @param {number} share */
const showShare = (share) => `${(share * 100).toFixed(0)} %`;
/** @param {number} size */
const showMiB = (size) => `${size.toFixed(0)} MiB`;

/** @param {{ p50: number, p99: number, max: number } | null} late */
const showSpread = (late) =>
  late
    ? `p50 ${showSeconds(late.p50)}, p99 ${showSeconds(late.p99)}, max ${showSeconds(late.max)}`
    : 'nothing was asked twice';

/** The words of the wait, its request budget opened so far that it never stands in the way. @param {string} program @param {string} list @param {number} tokens @param {number} timeoutMs @param {string} output */
function wordsFor(program, list, tokens, timeoutMs, output) {
  const rate = Math.ceil((tokens / intervalMs) * 1_000);
  const inFlight = Math.ceil((rate * delayMs) / 1_000);
  return [
    ...[program, 'wait', '--from-file', list, '--no-receipt', '--progress', 'none', '-o', output],
    ...['--interval', `${intervalMs / 1_000}s`, '--timeout', `${timeoutMs / 1_000}s`],
    ...['--max-rate', String(2 * rate), '--concurrency', String(2 * inFlight)],
  ];
}

/** @param {Size} size @param {import('../row.js').Bench} bench */
function measureTokens({ tokens, output = 'text', goal }, { folder, isQuick, program }) {
  const timeoutMs = isQuick ? 30_000 : 120_000;
  const list = join(folder, `tokens-${tokens}.txt`);
  const names = Array.from({ length: tokens }, (_, index) => `benchToken${String(index).padStart(8, '0')}`);
  writeFileSync(list, `${names.join('\n')}\n`);
  return withServer(delayMs, async ({ url, report }) => {
    const used = await useOf({
      words: wordsFor(program, list, tokens, timeoutMs, output),
      env: environment(folder, url),
      folder,
      exitCode: 124,
    });
    // In the last interval asks are moved on purpose: every token is looked at once more before the deadline.
    const seen = await report({ intervalMs, forMs: timeoutMs - intervalMs });
    if (seen.tokens !== tokens) throw new Error(`only ${seen.tokens} of ${tokens} tokens were asked for`);
    const share = used.cpuMs / used.tookMs;
    const name = `${tokens.toLocaleString('en')} tokens${output === 'json' ? ', --json' : ''}`;
    return [
      spreadLine(`${name}: late after the ask before`, seen.afterPrevious, goal?.lateMs),
      spreadLine(`${name}: late on an even schedule`, seen.onSchedule),
      goalLine(`${name}: CPU, of one core`, share, goal?.share, showShare),
      ...memoryLines(name, tokens, used.memoryMiB, goal?.memoryMiB),
      {
        what: `${name}: the server`,
        measured: `${seen.asks} asks, ${showShare(seen.cpuShare)} of a core, itself late by ${showSeconds(seen.loopLateMs)} at p99`,
      },
    ];
  });
}

/** @param {string} what @param {{ p50: number, p99: number, max: number } | null} late @param {number} [most] */
function spreadLine(what, late, most) {
  const measured = showSpread(late);
  if (most === undefined || !late) return { what, measured };
  return { what, measured, goal: `p99 ≤ ${showSeconds(most)}`, isMet: late.p99 <= most };
}

/** @param {string} what @param {number} value @param {number | undefined} most @param {(value: number) => string} show */
const goalLine = (what, value, most, show) =>
  most === undefined ? { what, measured: show(value) } : judgedLine(what, value, { most, show });

/** @param {string} name @param {number} tokens @param {number | null} memoryMiB @param {number | undefined} most */
function memoryLines(name, tokens, memoryMiB, most) {
  if (memoryMiB === null) return [{ what: `${name}: memory`, measured: 'this system does not tell' }];
  const each = ` (${((memoryMiB * 1_024) / tokens).toFixed(1)} KiB a token)`;
  const line = goalLine(`${name}: memory at most`, memoryMiB, most, showMiB);
  return [{ ...line, measured: line.measured + each }];
}

/** @param {Size} size @returns {import('../row.js').Row} */
const rowOf = (size) => ({
  name: `tokens-${size.tokens}${size.output === 'json' ? '-json' : ''}`,
  group: 'tokens',
  about: `wait with ${size.tokens.toLocaleString('en')} tokens${size.output === 'json' ? ' and --json' : ''} for two minutes; replies take 100 ms`,
  measure: (bench) => measureTokens(size, bench),
});

export const tokenRows = [
  rowOf({ tokens: 1_000 }),
  rowOf({ tokens: 10_000, goal: { lateMs: 200, share: 0.3, memoryMiB: 150 } }),
  rowOf({ tokens: 50_000, goal: { lateMs: 500, share: 0.9, memoryMiB: 320 } }),
  rowOf({ tokens: 50_000, output: 'json', goal: { lateMs: 500, share: 0.9, memoryMiB: 320 } }),
];
