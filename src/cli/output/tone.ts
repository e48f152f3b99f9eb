import { Chalk, type ChalkInstance } from 'chalk';
import { shorten, visible } from '../../redact/visible.ts';
import type { Document } from '../answer/document.ts';
import type { Output } from '../runtime/host.ts';
import { foldSentence } from './fold.ts';

/**
 * Good is for money taken, bad for a payment that was not, alarm for money that may have moved; everything else that needs a
 * second look is open.
 */
export type Tone = 'good' | 'bad' | 'open' | 'alarm' | 'plain';

/** What a tone is made of. */
export type Ending = Pick<Document, 'outcome' | 'money' | 'summary' | 'token' | 'receipt' | 'status' | 'counts'>;

export function toneOf(ending: Ending): Tone {
  const { outcome, money, summary, token, receipt, status, counts } = ending;
  // A command line that makes no sense, a prompt that was left, a bug: nothing of a payment.
  if (token === undefined && !counts && !receipt) return 'plain';
  if (money === 'taken') return 'good';
  if (money === 'not-taken' && receipt) return 'bad';
  if (outcome === 'receipt-unread' || outcome === 'unclear' || (receipt && money === 'unknown')) return 'alarm';
  // Without a receipt, none was wanted, or a stop came before it.
  if (outcome === 'interrupted' && status === 'USED') return 'alarm';
  // The worst outcome of many can be another, and yet there is such a payment among them.
  if (counts && /money may have moved/i.test(summary)) return 'alarm';
  return outcome === 'answered' ? 'plain' : 'open';
}

/** Our sentences are shorter; what they quote may not be. */
const mostCharacters = 600;

const doNotCharge = 'Money may have moved. Do not charge again.';
const askFirst = 'Money may have moved. Ask InstaMed before you charge again.';

/** What stands out of an ending, and the words behind it. */
export interface Banner {
  readonly tone: Tone;
  readonly verdict: string;
  readonly rest: string;
}

/** The verdict comes first, whatever else the summary begins with. */
export function bannerOf(ending: Ending): Banner {
  const tone = toneOf(ending);
  const summary = visible(shorten(ending.summary, mostCharacters));
  if (tone === 'alarm') {
    const isDoubtful =
      ending.receipt || ending.outcome === 'unclear' || (ending.counts && !/do not charge again/i.test(summary));
    const verdict = isDoubtful ? askFirst : doNotCharge;
    return { tone, verdict, rest: summary.replace(verdict, '').replaceAll(/ {2,}/g, ' ').trim() };
  }
  const end = summary.search(/\.(?= |$)/) + 1;
  return { tone, verdict: summary.slice(0, end), rest: summary.slice(end).trim() };
}

type Colors = Pick<Output, 'columns' | 'colorLevel'>;

/** The verdict in colors that bring their own background: they show on light and on dark. */
export function renderBanner(ending: Ending, { columns, colorLevel }: Colors): string {
  const chalk = new Chalk({ level: colorLevel });
  const { tone, verdict, rest } = bannerOf(ending);
  const width = columns > 0 ? columns : 80;
  if (tone === 'alarm') {
    // A bar across the screen, the one ending that must not be overlooked, with room for the echo of a Ctrl-C before it.
    const bar = foldSentence(verdict, width).split('\n');
    const lines = bar.map((line) => paintOf(tone, chalk)(line.padEnd(colorLevel > 0 ? Math.min(width, 80) - 3 : 0)));
    return [...lines, ...(rest === '' ? [] : [foldSentence(chalk.bold(rest), width)])].join('\n');
  }
  const painted = [verdict === '' ? '' : paintOf(tone, chalk)(verdict), rest === '' ? '' : chalk.bold(rest)];
  return foldSentence(painted.filter((text) => text !== '').join(' '), width);
}

export function paintOf(tone: Tone, chalk: ChalkInstance): ChalkInstance {
  const paints = {
    good: chalk.bold.black.bgGreen,
    bad: chalk.bold.whiteBright.bgRed,
    open: chalk.bold.black.bgYellow,
    alarm: chalk.bold.whiteBright.bgMagenta,
    plain: chalk.bold,
  };
  return paints[tone];
}
