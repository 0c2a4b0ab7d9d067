import {
  type CompletedCommand,
  type CompletedOption,
  type CompletedWord,
  groupsOf,
  wordsAfter,
} from './completed.ts'

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
/** \`_arguments\` gives brackets and colons a meaning. */
const escaped = (text: string): string => text.replaceAll(/[[\]:\\]/g, '\\$&')

const valuesOf = (values: CompletedOption['values']): string =>
  values === 'files' ? '_files' : values === 'unknown' ? '' : `(${values.map(escaped).join(' ')})`

const optionSpec = ({ name, does, takesValue, values }: CompletedOption): string =>
  quoted(
    `*${name}${takesValue ? '=' : ''}[${escaped(does)}]${takesValue ? `:value:${valuesOf(values)}` : ''}`,
  )

const described = (words: readonly CompletedWord[]): string =>
  words.map(({ word, does }) => quoted(`${escaped(word)}:${does}`)).join(' ')

function caseOf({ name, options, operands }: CompletedCommand): string {
  const specs = [...options.map(optionSpec), quoted(`*:word:${valuesOf(operands)}`)]
  return `    ${quoted(name)}) _arguments -S ${specs.join(' \\\n      ')} ;;`
}

/** A script for zsh 5 and later. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const top = [
    ...wordsAfter(commands, []),
    { word: 'help', does: 'Show help for a command' },
    { word: 'version', does: 'Print the version' },
  ]
  const groups = groupsOf(commands)
  return `#compdef risk-export
# Completion of risk-export for zsh. To use it: source <(risk-export completion zsh), after compinit

_risk-export() {
  local -a found
  local command skip=1
  if [[ $words[2] == help ]]; then shift words; (( CURRENT-- )); fi
  if (( CURRENT == 2 )); then
    found=(${described(top)})
    _describe command found
    return
  fi
  command=$words[2]
  case $command in
${groups
  .map(
    (group) => `    ${quoted(group)})
      if (( CURRENT == 3 )); then
        found=(${described(wordsAfter(commands, [group]))})
        _describe command found
        return
      fi
      command+=" $words[3]"
      skip=2 ;;`,
  )
  .join('\n')}
  esac
  shift $skip words
  (( CURRENT -= skip ))
  case $command in
${commands.map(caseOf).join('\n')}
  esac
}

# From a folder of fpath it is the function itself.
if [[ $funcstack[1] == _risk-export ]]; then _risk-export "$@"; else compdef _risk-export risk-export; fi
`
}
