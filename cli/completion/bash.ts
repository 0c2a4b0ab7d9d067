import { shellWord } from '../../shared/encoding/shell-word.ts'
import { type CompletedCommand, groupsOf, wordsAfter } from './completed.ts'

const words = (list: readonly string[]): string => shellWord(list.join(' '))

const offer = (values: readonly string[] | 'files' | 'unknown'): string =>
  values === 'files'
    ? '_risk_export_files'
    : values === 'unknown'
      ? ':'
      : `_risk_export_offer ${words(values)}`

function caseOf({ name, options, operands }: CompletedCommand): string {
  const valued = options.filter(({ takesValue }) => takesValue)
  return `    ${shellWord(name)})
      case $prev in
${valued.map((o) => `        ${o.name}) ${offer(o.values)}; return ;;`).join('\n')}
      esac
      if [[ $cur == -* ]]; then _risk_export_offer ${words(options.map((o) => o.name))}
      else ${offer(operands)}; fi ;;`
}

/** A script for bash 4 and later. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const top = [...wordsAfter(commands, []).map(({ word }) => word), 'help', 'version', '--help', '--version']
  const groups = groupsOf(commands)
  const groupCases = groups.map(
    (group) =>
      `    ${shellWord(group)}) _risk_export_offer ${words(wordsAfter(commands, [group]).map(({ word }) => word))} ;;`,
  )
  return `# Completion of risk-export for bash. To use it: source <(risk-export completion bash)

_risk_export_offer() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }
_risk_export_files() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); }

_risk_export() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} first=1 command
  COMPREPLY=()
  # bash takes --name=value apart.
  if [[ $cur == = ]]; then cur=
  elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if [[ \${COMP_WORDS[1]} == help ]]; then first=2; fi
  if (( COMP_CWORD <= first )); then _risk_export_offer ${words(top)}; return; fi
  command=\${COMP_WORDS[first]}
  case $command in
    ${groups.map(shellWord).join('|')})
      if (( COMP_CWORD > first + 1 )); then command+=" \${COMP_WORDS[first+1]}"; fi ;;
  esac
  if (( first == 2 )) && ! [[ " ${groups.join(' ')} " == *" $command "* ]]; then return; fi
  case $command in
${[...groupCases, ...commands.map(caseOf)].join('\n')}
  esac
}

complete -F _risk_export risk-export
`
}
