import { Argument, Command, Option } from 'commander';
import { scaleClock } from '../../poll/clock.ts';
import { defaultPaymentsOptions } from '../../poll/options.ts';
import { Secret } from '../../redact/secret.ts';
import { type Scenario, scenarios } from '../../sim/scenarios.ts';
import { simulatorSettings } from '../../sim/settings.ts';
import type { Simulator } from '../../sim/simulator.ts';
import type { Answer } from '../answer/format.ts';
import { type ConnectionOptions, connect } from '../settings/connection.ts';
import {
  addAcceptPartial,
  addOutputOptions,
  addProgressOptions,
  type OutputFlags,
  oneOf,
  parseCount,
  toFormat,
} from './options.ts';
import type { CommandSession, CommandSpec } from './session.ts';
import { type WatchRun, watch } from './watch.ts';

interface DemoFlags extends OutputFlags {
  readonly speed: number;
  readonly acceptPartial?: true;
}

export function demoCommand(): CommandSpec {
  const command = new Command('demo')
    .description('Runs wait against a simulator in the same process, sped up. Nothing leaves this machine.')
    .addArgument(
      oneOf(
        new Argument('[scenario]', 'what the remote side does; see: instamed-poll help scenarios'),
        scenarios.map(({ name }) => name),
      ).default('approved'),
    )
    .addOption(new Option('--speed <times>', 'how much faster time runs').default(20).argParser(parseCount('--speed')));
  addAcceptPartial(command);
  addOutputOptions(command, ['text', 'json', 'ndjson']);
  return { command: addProgressOptions(command), run };
}

async function run(command: Command, session: CommandSession): Promise<Answer> {
  const [name] = command.processedArgs as [string];
  const flags = command.opts<DemoFlags>();
  const { host, redactor, progress, screen } = session;
  const format = toFormat(flags, 'demo');
  const scenario = scenarios.find((known) => known.name === name) as Scenario;
  if (progress !== 'none' && progress !== 'json') {
    const intro =
      `Demo: a simulator plays InstaMed in this process, ${flags.speed} times as fast.\n` +
      `Scenario ${scenario.name}: ${scenario.does}\n\n`;
    screen.notice(intro);
  }
  const { startSimulator } = await import('../../sim/simulator.ts');
  const simulator = await startSimulator({ timeScale: flags.speed });
  try {
    const token = simulator.newToken(scenario.name);
    redactor.addTokens([token]);
    const run: WatchRun = {
      command: 'demo',
      tokens: [token],
      list: null,
      clock: scaleClock(host.clock, flags.speed),
      options: { ...defaultPaymentsOptions, acceptPartial: flags.acceptPartial ?? false },
      withReceipt: true,
      format,
      nextFor: () => ({ wait: null, receipt: null }),
      nextForAll: [],
      extra: { scenario: scenario.name },
    };
    return { document: await watch(run, connect(connectionTo(simulator), session), session), format };
  } finally {
    await simulator.close();
  }
}

function connectionTo({ statusUrl, receiptUrl }: Simulator): ConnectionOptions {
  const { securityKey, nvpPassword, ...account } = simulatorSettings;
  return {
    account: {
      ...account,
      statusUrl: new URL(statusUrl),
      receiptUrl: new URL(receiptUrl),
      soapVersion: '1.1',
      securityKey: new Secret(securityKey),
      nvpPassword: new Secret(nvpPassword),
      requestToken: false,
      allowPartialPayment: false,
    },
    transport: {},
    requestTimeoutMs: defaultPaymentsOptions.requestTimeoutMs,
  };
}
