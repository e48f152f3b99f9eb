import type { Command } from 'commander';
import type { Answer, ProgressMode } from '../answer/format.ts';
import type { Screen } from '../output/screen.ts';
import type { Session } from '../runtime/session.ts';
import type { Trace } from '../trace/trace.ts';

/** One run of the program, as its commands see it. */
export interface CommandSession extends Session {
  readonly screen: Screen;
  /** What `--debug` shows; null without it. */
  readonly trace: Trace | null;
  /** How stderr shows the waiting. */
  readonly progress: ProgressMode;
}

/** Runs a command whose arguments and options commander has read. Null: it printed by itself. */
export type RunCommand = (command: Command, session: CommandSession) => Answer | null | Promise<Answer | null>;

/** A command as commander reads it, and what it does. */
export interface CommandSpec {
  readonly command: Command;
  readonly run?: RunCommand;
  readonly subcommands?: readonly CommandSpec[];
}
