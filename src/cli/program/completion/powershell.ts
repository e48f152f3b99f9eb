import type { Candidates, CompletedCommand } from './words.ts';

/** For PowerShell. Where it is given nothing, it completes files by itself. */
export function renderPowershell(commands: readonly CompletedCommand[]): string {
  const options = commands.map(({ path, options: own }) =>
    row(
      path,
      own.flatMap((option) => option.names),
    ),
  );
  const operands = commands.map(({ path, operand }) => row(path, operand));
  const values = commands.flatMap(({ path, options: own }) =>
    own
      .filter((option) => option.takesValue)
      .flatMap(({ names, value }) => names.map((name) => row(`${path} ${name}`.trimStart(), value))),
  );
  return `# PowerShell completion for instamed-poll:  instamed-poll completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName instamed-poll -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $options = @{
${options.join('\n')}
    }
    $operands = @{
${operands.join('\n')}
    }
    $values = @{
${values.join('\n')}
    }
    $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" })
    $path = ''
    foreach ($word in $before) {
        $longer = "$path $word".TrimStart()
        if ($options.ContainsKey($longer)) { $path = $longer }
    }
    $start = ''
    $option = if ($before.Count -gt 0) { $before[-1] } else { '' }
    if ($wordToComplete -match '^(--[\\w-]+)=') {
        $start = $Matches[0]
        $option = $Matches[1]
    }
    $option = "$path $option".TrimStart()
    $words = if ($values.ContainsKey($option)) { $values[$option] }
        elseif ($wordToComplete.StartsWith('-')) { $options[$path] }
        else { $operands[$path] }
    $words | Where-Object { $_ } | ForEach-Object { "$start$_" } | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
        [Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
`;
}

function row(key: string, candidates: Candidates): string {
  const words = candidates === null || candidates === 'files' ? [] : candidates.map((word) => `'${word}'`);
  return `        '${key}' = @(${words.join(', ')})`;
}
