import { Command, Option } from 'commander';
import { formatDuration } from '../../domain/duration.ts';
import { usageError } from '../../domain/errors.ts';
import { scenarios } from '../../sim/scenarios.ts';
import { simulatorPort, simulatorSettings } from '../../sim/settings.ts';
import type { Simulator } from '../../sim/simulator.ts';
import { toDocument } from '../answer/document.ts';
import type { Answer } from '../answer/format.ts';
import { parseDurationOption } from '../input/duration-option.ts';
import type { Host } from '../runtime/host.ts';
import { type SettingSpec, settingSpecs } from '../settings/settings.ts';
import type { CommandSession, CommandSpec } from './session.ts';

interface SimulateFlags {
  readonly port: number;
  readonly usedAfter: string;
}

export function simulateCommand(): CommandSpec {
  const command = new Command('simulate')
    .description(
      'Serves a stand-in for both endpoints on 127.0.0.1 until stopped. What it prints is a shell script: settings, and a token for each scenario.',
    )
    .addOption(
      new Option('--port <port>', 'the port; 0 takes any free one. The profile "simulator" expects the default')
        .default(simulatorPort)
        .argParser(parsePort),
    )
    .addOption(
      new Option('--used-after <duration>', 'how long a token stays NEW after it was first asked for').default('25s'),
    );
  return { command, run };
}

async function run(command: Command, session: CommandSession): Promise<Answer> {
  const flags = command.opts<SimulateFlags>();
  const usedAfterMs = parseDurationOption('--used-after', flags.usedAfter, 0, 86_400_000);
  const simulator = await start(flags.port, usedAfterMs);
  try {
    session.screen.print(renderScript(simulator, usedAfterMs, session.host));
    await stopped(session.signal);
  } finally {
    await simulator.close();
  }
  const signal = session.stoppedBy();
  const document = toDocument('simulate', {
    outcome: 'interrupted',
    summary: `The simulator was stopped by ${signal}.`,
    signal,
  });
  return { document, format: { output: 'text', field: null } };
}

async function start(port: number, usedAfterMs: number): Promise<Simulator> {
  const { startSimulator } = await import('../../sim/simulator.ts');
  try {
    return await startSimulator({ port, usedAfterMs });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw usageError(
      `The simulator cannot listen on 127.0.0.1:${port} (${code}).`,
      'Give another --port, or 0 for any free one.',
    );
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}

/** A shell script, so that it can be pasted into another terminal, or read by `eval`. */
function renderScript(simulator: Simulator, usedAfterMs: number, { env }: Host): string {
  const values: Readonly<Record<string, string>> = {
    ...simulatorSettings,
    statusUrl: simulator.statusUrl,
    receiptUrl: simulator.receiptUrl,
  };
  const settings = (settingSpecs as readonly SettingSpec[]).flatMap(({ key, env: [name] }) =>
    values[key] === undefined ? [] : [`export ${name}='${values[key]}'`],
  );
  const usesProxy = env['HTTP_PROXY'] || env['http_proxy'];
  const tokens = scenarios.map(({ name, does }) => {
    // A line of its own: an interactive zsh takes a comment behind a value for a command, and keeps no value then.
    return `# ${does}\n${name.toUpperCase().replaceAll('-', '_')}='${simulator.newToken(name)}'`;
  });
  return [
    `# A simulator of InstaMed listens on ${simulator.origin}. Stop it with Ctrl-C. Nothing leaves this machine.`,
    '',
    '# The settings, to paste into another terminal:',
    ...settings,
    ...(usesProxy ? [`export NO_PROXY="127.0.0.1\${NO_PROXY:+,$NO_PROXY}"`] : []),
    '',
    `# A token for each scenario. One stays NEW for ${formatDuration(usedAfterMs)} after it was first asked for.`,
    ...tokens,
    '',
    '# Then: instamed-poll wait "$APPROVED"',
    '',
  ].join('\n');
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw usageError(`--port is not a port: "${text}".`, 'Give a number from 0 to 65535.');
}
