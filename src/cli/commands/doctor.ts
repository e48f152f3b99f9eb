import { Command } from 'commander';
import type { Answer } from '../answer/format.ts';
import { startBusySign } from '../progress/busy.ts';
import type { ConnectionFlags } from '../settings/connection.ts';
import { addConnectionOptions, addOutputOptions, addProgressOptions, type OutputFlags, toFormat } from './options.ts';
import type { CommandSession, CommandSpec } from './session.ts';

interface DoctorFlags extends OutputFlags, ConnectionFlags {}

export function doctorCommand(): CommandSpec {
  const command = new Command('doctor').description(
    'Checks settings, DNS, connection, proxy, TLS and both services, and says how to fix what fails. It asks for the status of a made-up token once, and reads no receipt.',
  );
  addOutputOptions(command, ['text', 'json'], 'checks.soap.state');
  addProgressOptions(command);
  return { command: addConnectionOptions(command), run };
}

async function run(command: Command, session: CommandSession): Promise<Answer> {
  const flags = command.opts<DoctorFlags>();
  const format = toFormat(flags, 'doctor');
  const { runDoctor } = await import('../doctor/run-doctor.ts');
  const { host, progress, screen, trace } = session;
  const showResult = await screen.checks(format);
  const document = await runDoctor(flags, session, {
    showStart: ({ title, mayAsk }) => startBusySign(mayAsk ? 'none' : progress, `Checking: ${title}…`, host),
    showResult,
    showSettings: (settings, profile) => trace?.onSettings(settings, profile),
  });
  return { document, format };
}
