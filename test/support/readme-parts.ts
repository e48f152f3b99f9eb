import type { Command } from 'commander';
import type { PaymentRow } from '../../src/cli/answer/document.ts';
import { exitCodes } from '../../src/cli/answer/exit-codes.ts';
import { buildProgram } from '../../src/cli/build-program.ts';
import { type SettingSpec, settingSpecs } from '../../src/cli/settings/settings.ts';
import { scenarios } from '../../src/sim/scenarios.ts';
import { makeConfigHome } from './config-home.ts';
import { betweenPolls, betweenPollsTitle } from './hostile/attacks/between-polls.ts';
import { attackClasses } from './hostile/attacks/index.ts';
import { ManualClock } from './manual-clock.ts';
import { tokensOf as manyTokens, story, waitMany } from './many-world.ts';
import { readHttpFile } from './recorded.ts';
import { capturedReceipt, publishedError, publishedReceipt, receipt } from './replies.ts';
import { accountEnv, quietHooks, run, token, type World } from './run-cli.ts';
import { certificate, scriptedProbe } from './scripted-probe.ts';
import { type Step, statusReply } from './scripted-transport.ts';

/** The parts of the README that repeat what the program knows, made from the program. */
export const readmeParts: Readonly<Record<string, () => string | Promise<string>>> = {
  session: showSession,
  pipe: async () => `\`\`\`console\n$ instamed-poll wait "$TOKEN" | head -n 12\n${await firstLines(12)}\n\`\`\``,
  document: async () => `\`\`\`json\n${(await waitForSample(['--json'], false)).stdout.trimEnd()}\n\`\`\``,
  trace: showTrace,
  many: showMany,
  'many-events': showManyEvents,
  'exit-codes': listExitCodes,
  settings: listSettings,
  config: showConfig,
  commands: listCommands,
  options: listOptions,
  scenarios: listScenarios,
  doctor: showDoctor,
  attacks: listAttacks,
};

/** Two minutes of waiting, and then the receipt that InstaMed publishes as its sample. */
function waitForSample(flags: readonly string[], tty: boolean) {
  const steps: Step[] = [
    ...Array.from({ length: 11 }, () => ({ label: 'new', answer: statusReply('NEW') })),
    { label: 'used', answer: statusReply('USED') },
    { label: 'receipt', answer: readHttpFile('fixtures/nvp/recorded-view-receipt/reply.http') },
  ];
  return run(['wait', token, ...flags], { steps, tty, clock: new ManualClock(), timeZone: 'America/New_York' });
}

/** Three payments of one afternoon: one is taken, one is declined, and of the third no receipt can be read. */
function waitForThree(flags: readonly string[], world: World = {}) {
  const [first, second, third] = manyTokens(3) as [string, string, string];
  const stories = {
    [first]: story(3, 'USED', receipt(capturedReceipt)),
    [second]: story(1, 'USED', receipt(publishedReceipt)),
    [third]: story(2, 'USED', receipt(publishedError)),
  };
  return waitMany(['--from-file', '-', ...flags], stories, { ...world, stdin: Object.keys(stories).join('\n') });
}

async function showMany(): Promise<string> {
  const { stdout } = await waitForThree(['-q'], { tty: true, columns: 110 });
  // A spinner needs a real terminal; lines of progress say the same first and last.
  const { stderr } = await waitForThree(['--progress', 'plain']);
  const [, plan = '', elapsed = '', ended = ''] =
    /^(Waiting for .*)\n[\s\S]*^(\d+:\d\d) ended: (.*)$/m.exec(stderr) ?? [];
  const [first = '', ...others] = stdout.trimEnd().split(/\n(?=\S)/);
  const end = others.findIndex((line) => line.startsWith('3 tokens: '));
  const shown = [
    '$ instamed-poll wait --from-file tokens.txt',
    plan,
    first,
    '⠹ 0:24 / 15:00 · 1 of 3 ended · 7 checks\n  1 NEW · 1 reading the receipt\n  1 not-approved',
    '…',
    ...others.slice(0, end),
    `• ${elapsed} / 15:00 · ${ended.replace(', ', ' · ')}`,
    ...others.slice(end),
  ];
  return `\`\`\`console\n${shown.join('\n')}\n\`\`\``;
}

/** What jq makes of the events; it need not be there. */
async function showManyEvents(): Promise<string> {
  const { stdout } = await waitForThree(['-q', '-o', 'ndjson']);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as PaymentRow & { event: string });
  const results = events
    .filter(({ event }) => event === 'result')
    .map(({ token: paid, outcome }) => `${paid}\t${outcome}`);
  const command = `instamed-poll wait - -q -o ndjson < tokens.txt |\n    jq -r 'select(.event == "result") | [.token, .outcome] | @tsv'`;
  return ['```console', `$ ${command}`, ...results, '```'].join('\n');
}

async function showSession(): Promise<string> {
  const { stdout } = await waitForSample([], true);
  const spinner = '⠹ NEW · 1:24 / 15:00 · check 9 · next check in 6 s';
  const end = '• USED · 1:50 / 15:00 · 12 checks';
  return `\`\`\`console\n$ instamed-poll wait ${token}\n${spinner}\n${end}\n${stdout.trimEnd()}\n\`\`\``;
}

/** A proxy of the company signs with an authority that Node does not know. */
async function showDoctor(): Promise<string> {
  const chain = [
    certificate({ subject: 'online.instamed.com', issuer: 'Clinic Proxy CA' }),
    certificate({ subject: 'Clinic Proxy CA', issuer: 'Clinic Proxy CA', validTo: new Date('2031-01-01') }),
  ];
  const distrust = 'SELF_SIGNED_CERT_IN_CHAIN';
  const probe = scriptedProbe({ handshake: async () => ({ protocol: 'TLSv1.3', distrust, chain }) });
  const { INSTAMED_STATUS_URL: _status, INSTAMED_RECEIPT_URL: _receipt, ...env } = accountEnv;
  const { stdout } = await run(['doctor', '-q'], { tty: true, columns: 110, env, probe });
  const [list = ''] = stdout.split('To paste');
  return `\`\`\`console\n$ instamed-poll doctor\n${list.trimEnd().replaceAll('/nowhere', '/home/clinic')}\n\`\`\``;
}

async function firstLines(count: number): Promise<string> {
  return (await waitForSample(['-q'], false)).stdout.split('\n').slice(0, count).join('\n');
}

/** One ask over an invented network; the lines on the program and its settings are left out. */
async function showTrace(): Promise<string> {
  const clock = new ManualClock();
  const tls = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', issuedTo: 'online.instamed.com' };
  const answer = statusReply('NEW');
  const ask: Step = {
    label: 'new',
    wire(tell) {
      tell({ type: 'connecting', to: 'online.instamed.com:443', isThroughProxy: false });
      clock.advance(87);
      const address = '203.0.113.7:443';
      tell({ type: 'connected', address, tls: { ...tls, validTo: 'Mar  1 00:00:00 2027 GMT' } });
      clock.advance(41);
      const length = { 'content-length': String(answer.body.length) };
      tell({
        type: 'answered',
        status: 200,
        headers: { ...answer.headers, ...length, 'x-aspnet-version': '4.0.30319' },
      });
      clock.advance(1);
      tell({ type: 'received', bytes: answer.body.length });
    },
    answer,
  };
  const { INSTAMED_STATUS_URL: _here, ...env } = accountEnv;
  const { stderr } = await run(['status', token, '--debug'], { steps: [ask], env, clock });
  const lines = stderr.split('\n').filter((line) => line.includes('s #1 '));
  return `\`\`\`console\n$ instamed-poll status "$TOKEN" --debug\n…\n${lines.join('\n')}\n…\n\`\`\``;
}

/** What `config` says to somebody who sets up a profile. */
async function showConfig(): Promise<string> {
  const { env } = makeConfigHome();
  const ask = async (words: string, world: World = {}) => {
    const { stdout, stderr } = await run(['config', ...words.split(' ')], { env, ...world });
    const shown = [stderr, stdout].map((text) => text.trimEnd()).filter((text) => text !== '');
    return [`$ instamed-poll config ${words}`, ...shown].join('\n');
  };
  const lines = [
    await ask('set accountId NAME@instamed.net'),
    await ask('set securityKey', { tty: ['stdin'], typed: 'not-a-key' }),
    await ask('set nvpPasswordCommand pass show instamed/nvp'),
    await ask('list', { tty: true, columns: 100 }),
    await ask('get accountId'),
  ];
  return `\`\`\`console\n${lines.join('\n')}\n\`\`\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string) => `\`${text}\``;

function listExitCodes(): string {
  const rows = exitCodes.map((row) => [String(row.code), row.outcomes.map(code).join(', '), row.when]);
  return table(['code', '`outcome`', 'when'], rows);
}

function listSettings(): string {
  const rows = (settingSpecs as readonly SettingSpec[]).map(
    ({ label, flag, env, key, fallback, fallbackNote, isSecret }) => [
      label,
      flag ? code(flag) : 'none: it is a secret',
      env.map(code).join(', '),
      [key, ...(isSecret ? [`${key}Command`] : [])].map(code).join(', '),
      fallback ? code(fallback) : (fallbackNote ?? '–'),
    ],
  );
  return table(['setting', 'flag', 'environment', 'profile key', 'default'], rows);
}

function listScenarios(): string {
  const rows = scenarios.map(({ name, does, ends }) => [code(name), does, code(ends)]);
  return table(['scenario', 'what the remote side does', '`wait` ends with'], rows);
}

/** What each kind of attack has to end in, and three of them. */
function listAttacks(): string {
  const classes = attackClasses.map(({ title, attacks }) => ({
    title,
    names: attacks.map(({ name }) => name),
    outcomes: attacks.flatMap(({ ends }) => Object.values(ends).map((end) => end.split(' ')[0] as string)),
  }));
  const sequences = {
    title: betweenPollsTitle,
    names: betweenPolls.map(({ name }) => name),
    outcomes: betweenPolls.map(({ outcome }) => outcome),
  };
  const rows = [...classes, sequences].map(({ title, names, outcomes }) => {
    const examples = [0, 1, 2].map((third) => names[Math.floor((third * names.length) / 3)]);
    return [title, String(names.length), [...new Set(outcomes)].map(code).join(', '), examples.join('; ')];
  });
  return table(['what goes wrong', 'ways', 'must end as', 'such as'], rows);
}

/** The commands as the program builds them; nothing is run. */
export const programCommands: readonly Command[] = (await buildProgram('0', quietHooks)).commands;

function listCommands(): string {
  const rows = programCommands.map((command) => {
    const words = command.registeredArguments.map((argument) => {
      const name = argument.name();
      const words = argument.variadic ? `${name}...` : name;
      return argument.required ? `<${words}>` : `[${words}]`;
    });
    const parts = command.commands.map((part) => part.name()).join('|');
    return [code([command.name(), parts, ...words].filter(Boolean).join(' ')), command.description()];
  });
  return table(['command', 'does'], rows);
}

/** What each command has of its own; the connection's flags stand with the settings. */
function listOptions(): string {
  const settings = new Set((settingSpecs as readonly SettingSpec[]).map(({ flag }) => flag));
  return programCommands
    .map((command) => {
      // The parts of a command have the same options.
      const { options } = command.commands[0] ?? command;
      const own = options.filter(({ flags }) => !settings.has(flags));
      const rows = own.map(({ flags, description, defaultValue, argChoices }) => {
        const choices = argChoices ? ` (${argChoices.join(', ')})` : '';
        const fallback =
          defaultValue === undefined || typeof defaultValue === 'boolean' ? '' : code(String(defaultValue));
        return [code(flags), `${description}${choices}`, fallback];
      });
      return rows.length === 0 ? '' : `**\`${command.name()}\`**\n\n${table(['option', 'meaning', 'default'], rows)}`;
    })
    .filter((part) => part !== '')
    .join('\n\n');
}
