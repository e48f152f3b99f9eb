import { Chalk, type ChalkInstance } from 'chalk';
import { shorten, visible } from '../../redact/visible.ts';
import type { CheckResult, CheckState } from '../answer/check-result.ts';
import type { Document } from '../answer/document.ts';
import type { Output } from '../runtime/host.ts';
import { fold } from './fold.ts';

type Screen = Pick<Output, 'columns' | 'colorLevel'>;

/** Symbol and word: a colour alone tells nothing to those who do not see it. */
const signs: Readonly<Record<CheckState, string>> = {
  ok: '✓ ok',
  warning: '! warning',
  failed: '✗ failed',
  skipped: '- skipped',
};

/** Where the text begins, beside the longest sign; nearer on a narrow terminal. */
const indentOf = (columns: number) => (columns < 40 ? 2 : 11);

/** One check as a line of the list, with its remedy under it. */
export function renderCheck(result: CheckResult, { columns, colorLevel }: Screen): string {
  const width = columns || 80;
  const indent = ' '.repeat(indentOf(width));
  const within = (text: string) => fold(text, width - indent.length).replaceAll('\n', `\n${indent}`);
  const sign = signs[result.state];
  const coloured = colourOf(result.state, new Chalk({ level: colorLevel }))(sign);
  const text = within(`${result.title}${sayTime(result)}: ${oneLine(result.detail)}`);
  const head = sign.length < indent.length ? coloured + indent.slice(sign.length) : `${coloured}\n${indent}`;
  const remedies = (result.remedy ?? '').split('\n').filter((line) => line !== '');
  return [
    `${head}${text}`,
    ...remedies.map((line, i) => indent + within(`${i === 0 ? '→' : ' '} ${oneLine(line)}`)),
    '',
  ].join('\n');
}

function colourOf(state: CheckState, chalk: ChalkInstance): (text: string) => string {
  const colours = { ok: chalk.green, warning: chalk.yellow, failed: chalk.red.bold, skipped: chalk.dim };
  return colours[state];
}

/** The end of the list: what it comes to, and the same without colours or folds to paste into a ticket. */
export function renderExamination(document: Document, { columns, colorLevel }: Screen): string {
  const headline = new Chalk({ level: colorLevel }).bold(fold(visible(document.summary), columns || 80));
  return `\n${headline}\n\nTo paste into a ticket (no secret is in it):\n\n${renderReport(document)}`;
}

function renderReport({ environment, startedAt, outcome, exitCode, summary, checks }: Document): string {
  const results = typeof checks === 'object' ? checks : [];
  const { version, node, platform, arch } = environment ?? { version: '', node: '', platform: '', arch: '' };
  const width = Math.max(...results.map(({ id }) => id.length));
  const lines = results.map((result) => {
    const { id, state, detail } = result;
    return `${state.padEnd(7)}  ${id.padEnd(width)}  ${oneLine(detail)}${sayTime(result)}`;
  });
  return [
    `instamed-poll ${version} doctor, Node ${node} on ${platform} ${arch}, ${startedAt}`,
    `${visible(summary)} Outcome: ${outcome}, exit code ${exitCode}.`,
    ...lines,
    '',
  ].join('\n');
}

/** What was not made took no time. */
function sayTime({ state, ms }: CheckResult): string {
  if (state === 'skipped') return '';
  return ms < 1_000 ? ` (${ms} ms)` : ` (${(ms / 1_000).toFixed(1)} s)`;
}

/** A chain of certificates, or all sources of settings, need their room. */
const oneLine = (text: string) => visible(shorten(text, 700));
