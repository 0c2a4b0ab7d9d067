import type { parseArgs } from 'node:util'
import type { CommandContext } from './command-context.ts'
import type { ExitCode } from './exit-codes.ts'
import { COMMON_OPTIONS, type Options } from './options.ts'
import { expectNoArguments, readOptions } from './read-options.ts'
import { type Suggest, suggestFor } from './text/suggest.ts'

/** An example: the words after `risk-export`, and what they do. */
export type Example = readonly [words: string, does: string]

interface Description {
  /** As typed, such as `dead-letters list`. */
  readonly name: string
  /** One line. */
  readonly summary: string
  /** Words after the name, one text per form; default: options only. */
  readonly usage?: readonly string[]
  /** Arguments besides options; absent: none. */
  readonly operand?: { readonly choices: readonly string[] } | 'FILE' | 'other'
  readonly about?: string
  readonly notes?: string
  readonly examples: readonly [Example, ...Example[]]
}

/** One command of `risk-export`. */
export interface Command extends Description {
  /** Its own options and the common ones. */
  readonly options: Options
  /**
   * @throws UsageError for unknown words; CannotRunError, ConfigError or an SDK's error if it
   * cannot run
   */
  readonly run: (args: readonly string[], context: CommandContext) => Promise<ExitCode>
}

type Values<T extends Options> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>
>['values']

/** The words after a command's name, parsed as declared. */
export interface Given<T extends Options> {
  readonly values: Values<T & typeof COMMON_OPTIONS>
  readonly operands: readonly string[]
  /** As typed. */
  readonly args: readonly string[]
  /** Another command about the same app, as it would be typed. */
  readonly suggest: Suggest
}

/** Combines a command's declaration with its implementation. */
export function command<const T extends Options>(
  description: Description & {
    readonly options: T
    readonly run: (given: Given<T>, context: CommandContext) => Promise<ExitCode>
  },
): Command {
  const options: T & typeof COMMON_OPTIONS = { ...description.options, ...COMMON_OPTIONS }
  return {
    ...description,
    options,
    run(args, context) {
      const { values, positionals } = readOptions(args, options)
      if (description.operand === undefined) expectNoArguments(positionals)
      const which = values as Given<Options>['values']
      return description.run({ values, operands: positionals, args, suggest: suggestFor(which) }, context)
    },
  }
}
