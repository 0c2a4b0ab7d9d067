import type { Command } from '../command.ts'
import type { Option } from '../options.ts'

/** Minimum column width; longer names widen it. */
const MIN_WIDTH = 17

const namedAs = (name: string, { value, implied }: Option): string =>
  `  --${name}${value === undefined ? '' : implied === undefined ? ` ${value}` : ` [${value}]`}`

function optionLines(options: Command['options']): readonly string[] {
  const named = Object.entries(options).map(([name, option]) => [namedAs(name, option), option.help] as const)
  const width = Math.max(MIN_WIDTH, ...named.map(([name]) => name.length))
  return named.map(([name, help]) => {
    const lines = help.split('\n')
    return `${name.padEnd(width)}  ${lines.join(`\n${' '.repeat(width + 2)}`)}`
  })
}

/** The text of a command's `--help`. */
export function helpText({ name, summary, usage, about, notes, examples, options }: Command): string {
  const ways = usage ?? ['']
  const parts = [
    `${summary}.`,
    ways
      .map((words) => ['risk-export', name, words, '[options]'].filter((w) => w !== '').join(' '))
      .join('\n'),
    about,
    optionLines(options).join('\n'),
    notes,
    `Examples:\n${examples.map(([words, does]) => `  risk-export ${words}\n      ${does}`).join('\n')}`,
  ]
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`
}
