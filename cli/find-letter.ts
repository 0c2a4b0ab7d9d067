import type { FiledLetter, LetterBook } from '../shared/delivery/dead-letters/dead-letter-store.ts'
import { UsageError } from './usage-error.ts'

/** As `dead-letters list` shows it. */
export function letterId(word: string): string {
  if (!/^[0-9a-f]{16}$/.test(word)) throw new UsageError('Expected the id of a dead letter: 16 hex digits.')
  return word
}

/** The letter of an id, wherever it lies; `undefined` where there is none. */
export async function findLetter(book: LetterBook, id: string): Promise<FiledLetter | undefined> {
  for await (const burial of book.newestFirst()) {
    const found = burial.find(({ letter }) => letter.id === id)
    if (found !== undefined) return found
  }
  return undefined
}

export const noSuchLetter = (id: string): string =>
  `There is no dead letter ${id}: \`risk-export dead-letters list\` shows what there is.\n`
