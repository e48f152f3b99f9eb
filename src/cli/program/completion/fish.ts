import type { Candidates, CompletedCommand, CompletedOption } from './words.ts';

/** For fish, which wants one `complete` for each thing that can be completed. */
export function renderFish(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap((command) => [
    ...command.options.map((option) => renderOption(command, option)),
    ...renderOperand(command, commands),
  ]);
  return `# fish completion for instamed-poll:  instamed-poll completion fish | source

# Whether the words before the cursor begin with this command.
function __instamed_poll_in
    set -l words (commandline -opc)
    for word in $argv
        set -e words[1]
        test "$words[1]" = $word; or return 1
    end
end

# Whether they are this command and nothing more.
function __instamed_poll_at
    test (count (commandline -opc)) -eq (math 1 + (count $argv)); and __instamed_poll_in $argv
end

complete -c instamed-poll -e
complete -c instamed-poll -f
${lines.join('\n')}
`;
}

function renderOption({ path }: CompletedCommand, { names, description, takesValue, value }: CompletedOption): string {
  const forms = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const takes = takesValue ? ` ${operands(value) || '-x'}` : '';
  return `complete -c instamed-poll -n ${quote(inside(path))} ${forms.join(' ')}${takes} -d ${quote(description)}`;
}

function renderOperand(command: CompletedCommand, commands: readonly CompletedCommand[]): readonly string[] {
  const { path, operand, hasSubcommands } = command;
  if (!hasSubcommands) {
    const words = operands(operand);
    return words === '' ? [] : [`complete -c instamed-poll -n ${quote(inside(path))} ${words.replace(/^-[rx] /, '')}`];
  }
  return (operand as readonly string[]).map((name) => {
    const summary = commands.find((other) => other.path === `${path} ${name}`.trimStart())?.summary ?? '';
    const condition = `__instamed_poll_at ${path}`.trimEnd();
    return `complete -c instamed-poll -n ${quote(condition)} -a ${name} -d ${quote(summary)}`;
  });
}

/** The program's own options stand before any command. */
const inside = (path: string) => (path === '' ? '__instamed_poll_at' : `__instamed_poll_in ${path}`);

function operands(candidates: Candidates): string {
  if (candidates === null) return '';
  return candidates === 'files' ? '-r -F' : `-x -a ${quote(candidates.join(' '))}`;
}

const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
