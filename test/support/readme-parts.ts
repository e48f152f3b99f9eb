import type { Command } from 'commander';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { type SettingSpec, settingSpecs } from '../../src/cli/settings.ts';
import { scenarios } from '../../src/sim/scenarios.ts';
import { ManualClock } from './manual-clock.ts';
import { readHttpFile } from './recorded.ts';
import { accountEnv, run, token } from './run-cli.ts';
import { certificate, scriptedProbe } from './scripted-probe.ts';
import { type Step, statusReply } from './scripted-transport.ts';

/** The parts of the README that repeat what the program knows, made from the program. */
export const readmeParts: Readonly<Record<string, () => string | Promise<string>>> = {
  session: showSession,
  pipe: async () => `\`\`\`console\n$ instamed-poll wait "$TOKEN" | head -n 12\n${await firstLines(12)}\n\`\`\``,
  document: async () => `\`\`\`json\n${(await waitForSample(['--json'], false)).stdout.trimEnd()}\n\`\`\``,
  'exit-codes': listExitCodes,
  settings: listSettings,
  commands: listCommands,
  options: listOptions,
  scenarios: listScenarios,
  doctor: showDoctor,
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

async function showSession(): Promise<string> {
  const { stdout } = await waitForSample([], true);
  const spinner = '⠹ NEW · 1:24 / 15:00 · check 9 · next ask in 6 s';
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
  const rows = (settingSpecs as readonly SettingSpec[]).map(({ label, flag, env, key, fallback, fallbackNote }) => [
    label,
    flag ? code(flag) : 'none: it is a secret',
    env.map(code).join(', '),
    code(key),
    fallback ? code(fallback) : (fallbackNote ?? '–'),
  ]);
  return table(['setting', 'flag', 'environment', 'profile key', 'default'], rows);
}

function listScenarios(): string {
  const rows = scenarios.map(({ name, does, ends }) => [code(name), does, code(ends)]);
  return table(['scenario', 'what the remote side does', '`wait` ends with'], rows);
}

/** The commands as the program builds them; nothing is run. */
export function programCommands(): readonly Command[] {
  return buildProgram({ host: { stdout: {}, stderr: {} } } as never, '0').commands;
}

function listCommands(): string {
  const rows = programCommands().map((command) => {
    const words = command.registeredArguments.map((argument) => {
      const name = argument.name();
      return argument.required ? `<${name}>` : `[${name}]`;
    });
    return [code([command.name(), ...words].join(' ')), command.description()];
  });
  return table(['command', 'does'], rows);
}

/** What each command has of its own; the connection's flags stand with the settings. */
function listOptions(): string {
  const settings = new Set((settingSpecs as readonly SettingSpec[]).map(({ flag }) => flag));
  return programCommands()
    .map((command) => {
      const own = command.options.filter(({ flags }) => !settings.has(flags));
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
