import { fault, receipt, status, times } from './replies.ts';
import { type Run, run, token, type World } from './run-cli.ts';
import type { Step } from './scripted-transport.ts';

/**
 * A place where a text of the service comes into the program, and the ways of printing in which it shows. That a service
 * would echo what it was sent is our invention; Fault and error texts of such services are known to quote their inputs.
 */
export interface Place {
  readonly name: string;
  readonly argv: readonly string[];
  readonly steps: (text: string) => readonly Step[];
  readonly shows: readonly Way[];
  /** What a text may not hold here: it would end the name or the value, or come encoded twice. */
  readonly refuses?: RegExp;
  /** What the world has beside the network's answers. */
  readonly world?: (text: string) => World;
}

/** A way of printing. */
export interface Way {
  readonly name: string;
  readonly flags: readonly string[];
  readonly world?: World;
  /** Whether stdout is for machines, which get the token whole. */
  readonly isForMachines?: true;
}

const wide: World = { tty: true, columns: 300 };
const text: Way = { name: 'text', flags: ['--progress', 'none'] };
const table: Way = { name: 'table', flags: ['--progress', 'none'], world: wide };
const json: Way = { name: 'json', flags: ['--json', '--progress', 'none'], isForMachines: true };
const ndjson: Way = { name: 'ndjson', flags: ['-o', 'ndjson', '-q'], isForMachines: true };
const plain: Way = { name: 'progress plain', flags: ['--progress', 'plain'] };
const progressJson: Way = { name: 'progress json', flags: ['--progress', 'json'] };
const field = (path: string): Way => ({ name: `--field ${path}`, flags: ['--field', path, '-q'], isForMachines: true });
/** `decode` has no progress. */
const bare = (way: Way): Way => ({
  ...way,
  flags: way.flags.filter((flag) => !['-q', '--progress', 'none'].includes(flag)),
});

const xmlEscapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };
export const escapeXml = (value: string) => value.replace(/[&<>\r]/g, (character) => xmlEscapes[character] ?? '');

const used = status('USED');
// A blank anywhere means that nothing in the reply is encoded.
const raw = (value: string) => receipt(`transactionStatus=D&cardHolderName= &echo=${value}`);
const unblank = (value: string) => receipt(`transactionStatus=D&echo=${value}`);
const encoded = (value: string) => receipt(`transactionStatus=D&echo=${encodeURIComponent(value)}`);
const named = (value: string) => receipt(`transactionStatus=D&cardHolderName= &${value}=1`);
const said = (value: string) => receipt(`transactionStatus=D&responseCode=010&responseMessage=OK ${value}`);
const failed = (value: string) => receipt(`errorCode=400&errorMessage=No: ${value}`);
const doubled = (value: string) => receipt(`transactionStatus=C&transactionStatus=is ${value}`);

const receiptWays = (path: string) => [text, table, json, field(path)];
const waitWays = (path: string) => [text, table, json, ndjson, field(path)];

export const places: readonly Place[] = [
  {
    name: 'the Fault of status',
    argv: ['status', token],
    steps: (value) => [fault('Client', escapeXml(value))],
    shows: [text, table, json, field('error.message')],
  },
  {
    name: 'the text that status asked for',
    argv: ['status', token],
    steps: (value) => [status(escapeXml(value))],
    shows: [text, table, json, field('statusText'), field('summary')],
  },
  {
    name: 'a Fault on the way of wait',
    argv: ['wait', token],
    steps: (value) => [fault('Server', escapeXml(value)), status('EXPIRED'), status('EXPIRED')],
    shows: [plain, progressJson, ndjson],
  },
  {
    name: 'a status on the way of wait',
    argv: ['wait', token],
    steps: (value) => [status(escapeXml(value)), status('EXPIRED'), status('EXPIRED')],
    shows: [text, json, ndjson, field('seen'), plain, progressJson],
  },
  {
    name: 'the tally of a wait that was lost',
    argv: ['wait', token, '--max-failures', '1'],
    steps: (value) => [status(escapeXml(value)), fault('Server', 'busy')],
    shows: [text, table, json],
  },
  {
    name: 'the error of receipt',
    argv: ['receipt', token],
    steps: (value) => [failed(value)],
    shows: receiptWays('error.message'),
  },
  {
    name: 'a value of receipt',
    argv: ['receipt', token],
    steps: (value) => [raw(value)],
    shows: receiptWays('receipt.fields.echo'),
  },
  {
    name: 'a raw value in a receipt without blanks',
    argv: ['receipt', token],
    steps: (value) => [unblank(value)],
    refuses: /[ &]/,
    shows: receiptWays('receipt.fields.echo'),
  },
  {
    name: 'an encoded value of receipt',
    argv: ['receipt', token],
    steps: (value) => [encoded(value)],
    refuses: /[&%\\]/,
    shows: receiptWays('receipt.fields.echo'),
  },
  {
    name: 'a name of receipt',
    argv: ['receipt', token],
    steps: (value) => [named(value)],
    refuses: /[&=]/,
    shows: receiptWays('receipt.fields'),
  },
  {
    name: 'the message of receipt',
    argv: ['receipt', token],
    steps: (value) => [said(value)],
    shows: receiptWays('receipt.responseMessage'),
  },
  {
    name: 'a receipt with two statuses',
    argv: ['receipt', token],
    steps: (value) => [doubled(value)],
    shows: [text, table, json, field('error.message')],
  },
  {
    name: 'a value of the receipt of wait',
    argv: ['wait', token],
    steps: (value) => [used, raw(value)],
    shows: waitWays('receipt.fields.echo'),
  },
  {
    name: 'the message of the receipt of wait',
    argv: ['wait', token],
    steps: (value) => [used, said(value)],
    shows: waitWays('summary'),
  },
  {
    name: 'the error in place of the receipt of wait',
    argv: ['wait', token],
    steps: (value) => [used, ...times(5, failed(value))],
    shows: [text, table, json, ndjson, field('error.message'), plain, progressJson],
  },
  {
    name: 'a value that decode reads',
    argv: ['decode', '-'],
    steps: () => [],
    world: (value) => ({ stdin: `transactionStatus=D&cardHolderName= &echo=${value}` }),
    shows: receiptWays('receipt.fields.echo').map(bare),
  },
  {
    name: 'the error that decode reads',
    argv: ['decode', '-'],
    steps: () => [],
    world: (value) => ({ stdin: `errorCode=400&errorMessage=No: ${value}` }),
    shows: [text, table, json, field('error.message')].map(bare),
  },
];

/** Runs a place's command line, printing in one way, with a text of the service in its place; more flags go last. */
export function echo(place: Place, way: Way, value: string, world: World = {}): Promise<Run> {
  return run([...place.argv, ...way.flags], {
    steps: place.steps(value),
    ...place.world?.(value),
    ...way.world,
    ...world,
  });
}
