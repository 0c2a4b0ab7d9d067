import type { parseArgs } from 'node:util'
import type { ExitCode } from './exit-codes.ts'
import { COMMON_OPTIONS, type Options } from './options.ts'
import { onlyKnownWords, readOptions } from './read-options.ts'
import type { Surroundings } from './surroundings.ts'
import { type Suggest, suggestFor } from './text/suggest.ts'

/** A line to try, after `risk-export`, and what it does. */
export type Example = readonly [words: string, does: string]

interface Description {
  /** As typed, `dead-letters list` for instance. */
  readonly name: string
  /** One line. */
  readonly summary: string
  /** Words after the name, one text per way to call it; default: options alone. */
  readonly usage?: readonly string[]
  /** What it takes besides options; absent: nothing. */
  readonly operand?: { readonly choices: readonly string[] } | 'FILE' | 'other'
  readonly about?: string
  readonly notes?: string
  readonly examples: readonly [Example, ...Example[]]
}

/** One command of `risk-export`. */
export interface Command extends Description {
  /** Its own, and those that every command has. */
  readonly options: Options
  /**
   * @throws UsageError for words that it does not know; CannotRunError, ConfigError or an SDK's
   * error where it cannot be done
   */
  readonly run: (args: readonly string[], around: Surroundings) => Promise<ExitCode>
}

type Values<T extends Options> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>
>['values']

/** The words after a command's name, as it has declared them. */
export interface Given<T extends Options> {
  readonly values: Values<T & typeof COMMON_OPTIONS>
  readonly operands: readonly string[]
  /** As typed. */
  readonly args: readonly string[]
  /** Another command about the same app, as it would be typed. */
  readonly suggest: Suggest
}

/** Joins what a command declares with what it does. */
export function command<const T extends Options>(
  description: Description & {
    readonly options: T
    readonly run: (given: Given<T>, around: Surroundings) => Promise<ExitCode>
  },
): Command {
  const options: T & typeof COMMON_OPTIONS = { ...description.options, ...COMMON_OPTIONS }
  return {
    ...description,
    options,
    run(args, around) {
      const { values, positionals } = readOptions(args, options)
      if (description.operand === undefined) onlyKnownWords(positionals)
      const which = values as Given<Options>['values']
      return description.run({ values, operands: positionals, args, suggest: suggestFor(which) }, around)
    },
  }
}
