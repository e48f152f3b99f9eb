import type { Candidates, CompletedCommand, CompletedOption } from './words.ts';

/** For zsh, by its own `_arguments`: a function for each command. */
export function renderZsh(commands: readonly CompletedCommand[]): string {
  return `#compdef instamed-poll
# zsh completion for instamed-poll:  eval "$(instamed-poll completion zsh)", after compinit
${commands.map((command) => renderCommand(command, commands)).join('\n')}
# In a folder of $fpath this file is the function itself; else it is read as a script.
if [[ $funcstack[1] == _instamed-poll ]]; then
  _instamed-poll "$@"
else
  compdef _instamed-poll instamed-poll
fi
`;
}

const nameOf = (path: string) => ['_instamed-poll', ...path.split(' ')].filter((word) => word !== '').join('_');

function renderCommand(command: CompletedCommand, commands: readonly CompletedCommand[]): string {
  const options = command.options.map((option) => `    ${renderOption(option)} \\`);
  if (!command.hasSubcommands) {
    const operand = `    ${quote(`*:argument:${action(command.operand)}`)}`;
    return [`${nameOf(command.path)}() {`, '  _arguments \\', ...options, operand, '}'].join('\n');
  }
  const children = commands.filter(({ path }) => path !== '' && parentOf(path) === command.path);
  return [
    `${nameOf(command.path)}() {`,
    '  local curcontext=$curcontext context state line ret=1',
    '  typeset -A opt_args',
    '  _arguments -C \\',
    ...options,
    "    '1: :->command' '*:: :->argument' && ret=0",
    '  case $state in',
    '    command)',
    '      local -a commands=(',
    ...children.map(({ path, summary }) => `        ${quote(`${lastWord(path)}:${summary}`)}`),
    '      )',
    '      _describe command commands && ret=0 ;;',
    '    argument)',
    '      case $line[1] in',
    ...children.map(({ path }) => `        ${lastWord(path)}) ${nameOf(path)} && ret=0 ;;`),
    '      esac ;;',
    '  esac',
    '  return ret',
    '}',
  ].join('\n');
}

const parentOf = (path: string) => path.split(' ').slice(0, -1).join(' ');
const lastWord = (path: string) => path.split(' ').at(-1) ?? '';

/** `-o` takes its value from the same word or the next, `--output` from behind a = or from the next word. */
function renderOption({ names, description, takesValue, value }: CompletedOption): string {
  const told = description.replace(/[\\[\]:]/g, '\\$&');
  const rest = takesValue ? `[${told}]:value:${action(value)}` : `[${told}]`;
  const forms = names.map((name) => `${name}${takesValue ? (name.startsWith('--') ? '=' : '+') : ''}`);
  if (forms.length === 1) return quote(`${forms[0]}${rest}`);
  return `${quote(`(${names.join(' ')})`)}{${forms.join(',')}}${quote(rest)}`;
}

/** Of what nobody can guess the list is empty: a message in its place would keep options from being completed. */
const action = (candidates: Candidates) => (candidates === 'files' ? '_files' : `(${(candidates ?? []).join(' ')})`);

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
