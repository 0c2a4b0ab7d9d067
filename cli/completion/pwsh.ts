import { type CompletedCommand, type CompletedWord, groupsOf, wordsAfter } from './completed.ts'

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

const described = (words: readonly CompletedWord[]): string =>
  `@(${words.map(({ word, does }) => `@(${quoted(word)}, ${quoted(does)})`).join(', ')})`

const valuesOf = (values: CompletedCommand['operands']): string =>
  typeof values === 'string' ? '$null' : described(values.map((word) => ({ word, does: word })))

function entryOf({ name, options, operands }: CompletedCommand): string {
  const names = described(options.map((o) => ({ word: o.name, does: o.does })))
  const valued = options.filter(({ takesValue }) => takesValue)
  return `    ${quoted(name)} = @{
      Options = ${names}
      Values = @{ ${valued.map((o) => `${quoted(o.name)} = ${valuesOf(o.values)}`).join('; ')} }
      Operands = ${valuesOf(operands)}
    }`
}

/** A script for PowerShell 7, which offers file names if the script offers nothing. */
export function pwshScript(commands: readonly CompletedCommand[]): string {
  const top = [
    ...wordsAfter(commands, []),
    { word: 'help', does: 'Show help for a command' },
    { word: 'version', does: 'Print the version' },
  ]
  const groups = groupsOf(commands)
  return `# Completion of risk-export for PowerShell. To use it: risk-export completion pwsh | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName 'risk-export' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $commands = @{
${commands.map(entryOf).join('\n')}
  }
  $groups = @{
${groups.map((group) => `    ${quoted(group)} = ${described(wordsAfter(commands, [group]))}`).join('\n')}
  }
  # Words before the one that is being typed, without the program.
  $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition -or ($wordToComplete -eq '' -and $_.Extent.EndOffset -le $cursorPosition) } |
    ForEach-Object { $_.ToString() })
  if ($before.Count -gt 0 -and $before[0] -eq 'help') { $before = @($before | Select-Object -Skip 1) }
  $offered = $null
  if ($before.Count -eq 0) { $offered = ${described(top)} }
  elseif ($groups.ContainsKey($before[0]) -and $before.Count -eq 1) { $offered = $groups[$before[0]] }
  else {
    $name = if ($groups.ContainsKey($before[0])) { "$($before[0]) $($before[1])" } else { $before[0] }
    $command = $commands[$name]
    if ($null -ne $command) {
      $last = $before[-1]
      if ($command.Values.ContainsKey($last)) { $offered = $command.Values[$last] }
      elseif ($wordToComplete -like '-*') { $offered = $command.Options }
      else { $offered = $command.Operands }
    }
  }
  $offered | Where-Object { $null -ne $_ -and $_[0] -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', $_[1])
  }
}
`
}
