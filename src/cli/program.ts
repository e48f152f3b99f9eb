import type { Command } from 'commander';
import { createProgram } from './base-program.ts';
import { completionCommand } from './commands/completion.ts';
import { configCommand } from './commands/config.ts';
import { decodeCommand } from './commands/decode.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { helpCommand } from './commands/help.ts';
import { receiptCommand } from './commands/receipt.ts';
import { schemaCommand } from './commands/schema.ts';
import { simulateCommand } from './commands/simulate.ts';
import { statusCommand } from './commands/status.ts';
import { waitCommand } from './commands/wait.ts';
import type { Session } from './session.ts';

/** The commands in the order in which help lists them. */
const commands = [
  waitCommand,
  statusCommand,
  receiptCommand,
  decodeCommand,
  demoCommand,
  simulateCommand,
  doctorCommand,
  configCommand,
  schemaCommand,
  completionCommand,
  helpCommand,
];

/** The whole command line. */
export const buildProgram = (session: Session, version: string): Command =>
  createProgram(
    session,
    version,
    commands.map((create) => create(session)),
  );
