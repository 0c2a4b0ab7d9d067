import { parseArgs } from 'node:util'
import type { AppSelector } from './app-environment.ts'
import type { Options } from './options.ts'
import { UsageError } from './usage-error.ts'

/** Adds the implied value to options given without one. */
const withImplied = (args: readonly string[], options: Options): string[] =>
  args.map((word, i) => {
    const implied = word.startsWith('--') ? options[word.slice(2)]?.implied : undefined
    const next = args[i + 1]
    return implied === undefined || (next !== undefined && !next.startsWith('-'))
      ? word
      : `${word}=${implied}`
  })

/** Parses words by `node:util`; unknown ones are a UsageError. */
export function readOptions<const T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: withImplied(args, options), options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? firstSentence(error.message) : 'The options cannot be read.',
    )
  }
}

const firstSentence = (text: string): string => text.split('. ')[0]?.replace(/\.?$/, '.') ?? text

const APP_OPTIONS = {
  local: { type: 'boolean' },
  settings: { type: 'string' },
  account: { type: 'string' },
} as const

/** The app, or account alone, that the words name, whatever else is wrong with them. */
export function appNamedBy(args: readonly string[]): AppSelector & { readonly account?: string } {
  const { values } = parseArgs({
    args: [...args],
    options: APP_OPTIONS,
    allowPositionals: true,
    strict: false,
  })
  const { local, settings, account } = values
  return {
    local: local === true,
    ...(typeof settings === 'string' ? { settings } : {}),
    ...(typeof account === 'string' ? { account } : {}),
  }
}

/** For a command without arguments. */
export function expectNoArguments(words: readonly string[]): void {
  if (words.length > 0) throw new UsageError('This command takes no arguments.')
}

/** A whole number within bounds. */
export function wholeNumber(text: string, name: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(value) || value < min || value > max)
    throw new UsageError(`--${name}: expected a whole number from ${min} to ${max}.`)
  return value
}

/** One of several words. */
export function oneOf<const T extends string>(text: string, name: string, words: readonly T[]): T {
  const word = words.find((w) => w === text)
  if (word === undefined) throw new UsageError(`--${name}: expected ${words.join(' or ')}.`)
  return word
}

/** The one argument a command requires. */
export function singleArgument(words: readonly string[], what: string): string {
  const [first, ...rest] = words
  if (first === undefined || first === '' || rest.length > 0) throw new UsageError(`Expected one ${what}.`)
  return first
}
