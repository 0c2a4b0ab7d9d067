import type { DeadLetterReader, FiledDeadLetter } from '../shared/delivery/dead-letters/dead-letter-reader.ts'
import type { Suggest } from './text/suggest.ts'
import { UsageError } from './usage-error.ts'

/** The id of a dead letter as `dead-letters list` prints it. */
export function deadLetterIdIn(word: string): string {
  if (!/^[0-9a-f]{16}$/.test(word)) throw new UsageError('Expected the id of a dead letter: 16 hex digits.')
  return word
}

/** The dead letter with this id, in any folder; `undefined` if there is none. */
export async function findDeadLetter(
  reader: DeadLetterReader,
  id: string,
): Promise<FiledDeadLetter | undefined> {
  for await (const group of reader.newestFirst()) {
    const found = group.find(({ deadLetter }) => deadLetter.id === id)
    if (found !== undefined) return found
  }
  return undefined
}

export const noSuchDeadLetter = (id: string, suggest: Suggest): string =>
  `There is no dead letter ${id}: \`${suggest('dead-letters', 'list')}\` lists them.\n`
