import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './usage-error.ts'

/** Reads words by `node:util`; what it does not know is a UsageError. */
export function readOptions<const T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? firstSentence(error.message) : 'The options cannot be read.',
    )
  }
}

const firstSentence = (text: string): string => text.split('. ')[0]?.replace(/\.?$/, '.') ?? text

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

/** The one word that a command needs. */
export function onlyWord(words: readonly string[], what: string): string {
  const [first, ...rest] = words
  if (first === undefined || first === '' || rest.length > 0) throw new UsageError(`Expected one ${what}.`)
  return first
}
