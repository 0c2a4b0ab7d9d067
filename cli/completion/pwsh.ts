import { type CompletedCommand, type CompletedWord, groupsOf, wordsAfter } from './completed.ts'

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** The comma keeps a list of one pair a list. */
const described = (words: readonly CompletedWord[]): string =>
  `@(${words.map(({ word, does }) => `,@(${quoted(word)}, ${quoted(does)})`).join('; ')})`

const valuesOf = (values: CompletedCommand['operands']): string =>
  described(typeof values === 'string' ? [] : values.map((word) => ({ word, does: word })))

function entryOf({ name, options, operands }: CompletedCommand): string {
  const names = described(options.map((o) => ({ word: o.name, does: o.does })))
  const valued = options.filter(({ takesValue }) => takesValue)
  return `    ${quoted(name)} = @{
      Options = ${names}
      Values = @{ ${valued.map((o) => `${quoted(o.name)} = ${valuesOf(o.values)}`).join('; ')} }
      Operands = ${valuesOf(operands)}
    }`
}

/** A script for PowerShell 7, which offers file names where the script offers nothing. */
export function pwshScript(commands: readonly CompletedCommand[]): string {
  const top = [
    ...wordsAfter(commands, []),
    { word: 'help', does: 'Show help for a command' },
    { word: 'version', does: 'Print the version' },
    { word: '--help', does: 'Show the commands' },
    { word: '--version', does: 'Print the version' },
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
  $isHelp = $before.Count -gt 0 -and $before[0] -eq 'help'
  if ($isHelp) { $before = @($before | Select-Object -Skip 1) }
  $typed = $wordToComplete
  $given = ''
  $offered = @()
  if ($before.Count -eq 0) { $offered = ${described(top)} }
  elseif ($groups.ContainsKey($before[0]) -and $before.Count -eq 1) { $offered = $groups[$before[0]] }
  elseif (-not $isHelp) {
    $name = if ($groups.ContainsKey($before[0])) { "$($before[0]) $($before[1])" } else { $before[0] }
    $command = $commands[$name]
    if ($null -ne $command) {
      $last = $before[-1]
      if ($typed -match '^(--[^=]+)=(.*)$') {
        $last = $Matches[1]
        $typed = $Matches[2]
        $given = "$last="
      }
      if ($command.Values.ContainsKey($last)) { $offered = $command.Values[$last] }
      elseif ($typed -like '-*') { $offered = $command.Options }
      else { $offered = $command.Operands }
    }
  }
  $offered | Where-Object { $_[0].StartsWith($typed, 'OrdinalIgnoreCase') } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($given + $_[0], $_[0], 'ParameterValue', $_[1])
  }
}
`
}
