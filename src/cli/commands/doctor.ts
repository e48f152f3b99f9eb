import { Command } from 'commander';
import {
  addConnectionOptions,
  addOutputOptions,
  addProgressOptions,
  type OutputFlags,
  type ProgressFlags,
  toFormat,
  toProgressMode,
} from '../program/options.ts';
import type { Answer, Session } from '../session.ts';
import type { ConnectionFlags } from '../settings/connection.ts';

interface DoctorFlags extends OutputFlags, ProgressFlags, ConnectionFlags {}

export function doctorCommand(session: Session): Command {
  const command = new Command('doctor').description(
    'Checks settings, DNS, connection, proxy, TLS and both services, and says how to fix what fails. It asks for the status of a made-up token once, and reads no receipt.',
  );
  addOutputOptions(command, ['text', 'json'], 'checks.soap.state');
  addProgressOptions(command);
  return addConnectionOptions(command).action(async (flags: DoctorFlags) => {
    session.answer(await run(flags, session));
  });
}

async function run(flags: DoctorFlags, session: Session): Promise<Answer> {
  const format = toFormat(flags, 'doctor');
  const { runDoctor } = await import('../doctor/run-doctor.ts');
  return { document: await runDoctor(flags, format, toProgressMode(flags), session), format };
}
