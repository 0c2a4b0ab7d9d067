import type { ArchiveLine } from '../archive/archive-line.ts'
import type { ArchivedEvent } from '../domain/exported-event.ts'
import { InvariantError } from '../domain/invariant-error.ts'

/**
 * The events that stand on given lines of an archive blob, in the order of the lines.
 * @param lines rising line numbers
 * @throws InvariantError when a pointer leads to no event: the ledger and the archive disagree
 */
export async function eventsAt(
  archiveLines: AsyncIterable<ArchiveLine>,
  lines: readonly number[],
): Promise<readonly ArchivedEvent[]> {
  const wanted = new Set(lines)
  const found: ArchivedEvent[] = []
  for await (const line of archiveLines) {
    if (line.kind === 'event' && wanted.has(line.line)) found.push(line.archived)
    if (found.length === wanted.size) break
  }
  if (found.length !== wanted.size)
    throw new InvariantError('the outbox points at archive lines that hold no events')
  return found
}
