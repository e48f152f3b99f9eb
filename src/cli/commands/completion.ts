import { Argument, Command } from 'commander';
import type { CompletedCommand } from '../completion/words.ts';
import { oneOf } from '../options.ts';
import { listProfileNames } from '../profiles.ts';
import type { Session } from '../session.ts';

/** The scripts are loaded when one is asked for. */
const shells: Readonly<Record<string, () => Promise<(commands: readonly CompletedCommand[]) => string>>> = {
  bash: async () => (await import('../completion/bash.ts')).renderBash,
  zsh: async () => (await import('../completion/zsh.ts')).renderZsh,
  fish: async () => (await import('../completion/fish.ts')).renderFish,
  powershell: async () => (await import('../completion/powershell.ts')).renderPowershell,
};

export function completionCommand({ host }: Session): Command {
  const command = new Command('completion')
    .summary('print completion for a shell')
    .description('Prints a script by which the shell completes commands, options and their values.')
    .addArgument(oneOf(new Argument('<shell>', 'the shell'), Object.keys(shells)));
  return command.action(async (shell: string) => {
    const [render, { completedCommands }] = await Promise.all([shells[shell]?.(), import('../completion/words.ts')]);
    const commands = completedCommands(command.parent as Command, listProfileNames(host));
    host.stdout.write(render?.(commands) ?? '');
  });
}
