import type { Command } from '../command.ts'
import type { Option } from '../options.ts'

/** One option, as a shell completes it. */
export interface CompletedOption {
  readonly name: string
  /** First line of its help. */
  readonly does: string
  readonly takesValue: boolean
  readonly values: readonly string[] | 'files' | 'unknown'
}

/** One command, as a shell completes it. */
export interface CompletedCommand {
  readonly name: string
  readonly does: string
  readonly options: readonly CompletedOption[]
  readonly operands: readonly string[] | 'files' | 'unknown'
}

/** A word, and the words that may follow it. */
export interface CompletedWord {
  readonly word: string
  readonly does: string
}

const optionOf = ([name, option]: readonly [string, Option]): CompletedOption => ({
  name: `--${name}`,
  does: option.help.split('\n')[0] ?? '',
  takesValue: option.type === 'string',
  values: option.choices ?? (option.value === 'FILE' ? 'files' : 'unknown'),
})

/** What there is to complete of the commands that are declared. */
export const completedCommands = (commands: readonly Command[]): readonly CompletedCommand[] =>
  commands.map(({ name, summary, options, operand }) => ({
    name,
    does: summary,
    options: [
      ...Object.entries(options).map(optionOf),
      { name: '--help', does: 'show help with examples', takesValue: false, values: 'unknown' as const },
    ],
    operands:
      operand === 'FILE'
        ? 'files'
        : operand === undefined || operand === 'other'
          ? 'unknown'
          : operand.choices,
  }))

/** The words that may follow those that were typed, of names of commands alone. */
export function wordsAfter(
  commands: readonly CompletedCommand[],
  typed: readonly string[],
): readonly CompletedWord[] {
  const found = new Map<string, string>()
  for (const { name, does } of commands) {
    const parts = name.split(' ')
    const word = parts[typed.length]
    if (word === undefined || !typed.every((t, i) => parts[i] === t)) continue
    const isWhole = parts.length === typed.length + 1
    found.set(word, isWhole ? does : `${parts.slice(0, typed.length + 1).join(' ')} …`)
  }
  return [...found].map(([word, does]) => ({ word, does }))
}

/** The words that commands of several words begin with. */
export const groupsOf = (commands: readonly CompletedCommand[]): readonly string[] => [
  ...new Set(commands.flatMap(({ name }) => (name.includes(' ') ? [name.split(' ')[0] ?? ''] : []))),
]
