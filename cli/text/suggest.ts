import type { WhichApp } from '../app-environment.ts'

/** A command as it would be typed. */
export type Suggest = (...words: readonly string[]) => string

/** A word as a POSIX shell takes it for one. */
export const shellWord = (word: string): string =>
  /^[\w=:.,/@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** Suggests commands about the app that a command was about. */
export function suggestFor({ local, settings }: WhichApp): Suggest {
  const which = [...(local ? ['--local'] : []), ...(settings === undefined ? [] : ['--settings', settings])]
  return (...words) => ['risk-export', ...words, ...which].map(shellWord).join(' ')
}
