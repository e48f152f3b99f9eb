import { Argument, Command, Option } from 'commander';
import { scaleClock } from '../../poll/clock.ts';
import { defaultOptions } from '../../poll/wait-for-payment.ts';
import { Secret } from '../../redact/secret.ts';
import { quote } from '../../redact/visible.ts';
import { type Scenario, scenarios } from '../../sim/scenarios.ts';
import { simulatorSettings } from '../../sim/settings.ts';
import type { Simulator } from '../../sim/simulator.ts';
import { paymentDocument } from '../answer/document.ts';
import { foldWords } from '../output/fold-words.ts';
import {
  addAcceptPartial,
  addOutputOptions,
  addProgressOptions,
  type OutputFlags,
  oneOf,
  type ProgressFlags,
  parseCount,
  toFormat,
  toProgressMode,
} from '../program/options.ts';
import type { Answer, Session } from '../session.ts';
import { type ConnectionOptions, connect } from '../settings/connection.ts';
import { runWait } from './run-wait.ts';

interface DemoFlags extends OutputFlags, ProgressFlags {
  readonly speed: number;
  readonly acceptPartial?: true;
}

export function demoCommand(session: Session): Command {
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
  return addProgressOptions(command).action(async (name: string, flags: DemoFlags) => {
    session.answer(await run(name, flags, session));
  });
}

async function run(name: string, flags: DemoFlags, session: Session): Promise<Answer> {
  const { host, vault } = session;
  const format = toFormat(flags, 'demo');
  const progress = toProgressMode(flags);
  const scenario = scenarios.find((known) => known.name === name) as Scenario;
  if (progress !== 'none' && progress !== 'json') {
    const intro =
      `Demo: a simulator plays InstaMed in this process, ${flags.speed} times as fast.\n` +
      `Scenario ${scenario.name}: ${scenario.does}\n\n`;
    host.stderr.write(foldWords(intro, host.stderr.columns));
  }
  const { startSimulator } = await import('../../sim/simulator.ts');
  const simulator = await startSimulator({ timeScale: flags.speed });
  try {
    const token = simulator.newToken(scenario.name);
    vault.addTokens([token]);
    const clock = scaleClock(host.clock, flags.speed);
    const options = { ...defaultOptions, acceptPartial: flags.acceptPartial ?? false };
    const result = await runWait(
      { token, clock, options, withReceipt: true, progress, output: format.output },
      connect(connectionTo(simulator), session),
      session,
    );
    const document = paymentDocument(
      'demo',
      token,
      result,
      {
        ...options,
        quote,
        signal: session.stoppedBy(),
        next: { wait: null, receipt: null },
      },
      { scenario: scenario.name },
    );
    return { document, format };
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
    requestTimeoutMs: defaultOptions.requestTimeoutMs,
  };
}
