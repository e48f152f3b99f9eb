import { Argument, Command } from 'commander';
import { InstaMedError } from '../../domain/errors.ts';
import type { CompletedCommand } from '../program/completion/words.ts';
import type { Host } from '../runtime/host.ts';
import { builtInNames, listProfileNames } from '../settings/profiles.ts';
import { oneOf } from './options.ts';
import type { CommandSession, CommandSpec } from './session.ts';

/** The scripts are loaded when one is asked for. */
const shells: Readonly<Record<string, () => Promise<(commands: readonly CompletedCommand[]) => string>>> = {
  bash: async () => (await import('../program/completion/bash.ts')).renderBash,
  zsh: async () => (await import('../program/completion/zsh.ts')).renderZsh,
  fish: async () => (await import('../program/completion/fish.ts')).renderFish,
  powershell: async () => (await import('../program/completion/powershell.ts')).renderPowershell,
};

export function completionCommand(): CommandSpec {
  const command = new Command('completion')
    .description('Prints a script by which the shell completes commands, options and their values.')
    .addArgument(oneOf(new Argument('<shell>', 'the shell'), Object.keys(shells)));
  return { command, run };
}

async function run(command: Command, { host, screen }: CommandSession): Promise<null> {
  const [shell = ''] = command.args;
  const [render, { completedCommands }] = await Promise.all([
    shells[shell]?.(),
    import('../program/completion/words.ts'),
  ]);
  const commands = completedCommands(command.parent as Command, await offerProfiles(host));
  screen.print(render?.(commands) ?? '');
  return null;
}

/** A shell that starts up must not stumble over a damaged file of profiles; a command that needs one says what is wrong. */
async function offerProfiles(host: Host): Promise<readonly string[]> {
  try {
    return await listProfileNames(host);
  } catch (error) {
    if (error instanceof InstaMedError) return builtInNames;
    throw error;
  }
}
