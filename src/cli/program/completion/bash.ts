import type { Candidates, CompletedCommand } from './words.ts';

/** For bash from 3.2 on, which macOS has: without associative arrays, and without the package bash-completion. */
export function renderBash(commands: readonly CompletedCommand[]): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => `' ${path}'`);
  const values = commands.flatMap(({ path, options }) =>
    options
      .filter((option) => option.takesValue)
      .map(({ names, value }) => branch(names.map((name) => `'${spaced(path)} ${name}'`).join('|'), value)),
  );
  const names = commands.map(({ path, options }) =>
    branch(
      `'${spaced(path)}'`,
      options.flatMap((option) => option.names),
    ),
  );
  const operands = commands.map(({ path, operand }) => branch(`'${spaced(path)}'`, operand));
  return `# bash completion for instamed-poll:  eval "$(instamed-poll completion bash)"
_instamed_poll() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} path= words= files= i
  COMPREPLY=()
  # bash makes three words of --name=value.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i]}" in
      ${paths.join('|')}) path+=" \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path $before" in
${values.join('\n')}
    *)
      if [[ $word == -* ]]; then
        case $path in
${indent(names)}
        esac
      else
        case $path in
${indent(operands)}
        esac
      fi
      ;;
  esac
  if [[ -z $files ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  elif ! compopt -o default 2>/dev/null; then
    local IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -F _instamed_poll instamed-poll
`;
}

const spaced = (path: string) => (path === '' ? '' : ` ${path}`);

const indent = (lines: readonly string[]) => lines.map((line) => `      ${line}`).join('\n');

function branch(pattern: string, candidates: Candidates): string {
  if (candidates === null) return `    ${pattern}) ;;`;
  return `    ${pattern}) ${candidates === 'files' ? 'files=1' : `words='${candidates.join(' ')}'`} ;;`;
}
