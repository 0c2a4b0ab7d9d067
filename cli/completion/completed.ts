import type { Command } from '../command.ts'
import type { Option } from '../options.ts'

/** Completion of one option. */
export interface CompletedOption {
  readonly name: string
  /** First line of its help. */
  readonly does: string
  readonly takesValue: boolean
  readonly values: readonly string[] | 'files' | 'unknown'
}

/** Completion of one command. */
export interface CompletedCommand {
  readonly name: string
  readonly does: string
  readonly options: readonly CompletedOption[]
  readonly operands: readonly string[] | 'files' | 'unknown'
}

/** A word, and those that may follow it. */
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

/** Completions of the declared commands. */
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

/** Command words that may follow those typed. */
export function wordsAfter(
  commands: readonly CompletedCommand[],
  typed: readonly string[],
): readonly CompletedWord[] {
  const found = new Map<string, string>()
  for (const { name, does } of commands) {
    const parts = name.split(' ')
    const word = parts[typed.length]
    if (word === undefined || !typed.every((t, i) => parts[i] === t)) continue
    const [next] = parts.slice(typed.length + 1)
    const known = found.get(word)
    found.set(word, next === undefined ? does : known === undefined ? next : `${known}, ${next}`)
  }
  return [...found].map(([word, does]) => ({ word, does }))
}

/** First words of commands with several. */
export const groupsOf = (commands: readonly CompletedCommand[]): readonly string[] => [
  ...new Set(commands.flatMap(({ name }) => (name.includes(' ') ? [name.split(' ')[0] ?? ''] : []))),
]
