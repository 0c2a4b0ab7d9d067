import type { ArchiveContainer } from '../../archive/archive-container.ts'
import { flatEvent } from '../../domain/flat-event.ts'
import { isSelected } from '../replay/replay-query.ts'
import type { RecordLine } from '../trace/newest-records.ts'
import { matchesQuery } from '../trace/trace-match.ts'
import { type AuditRange, type LinesSeen, type UniqueLine, uniqueLines } from './unique-lines.ts'

export interface ExportQuery extends AuditRange {
  /** Whatever their case; empty: all. */
  readonly categories: readonly string[]
  /** Object id or application id; absent: all. */
  readonly identity: string | undefined
}

export type SelectedLine = UniqueLine & { readonly line: RecordLine }

/** Records that could not be normalised are selected by their bytes: nothing else is known of them. */
function isWanted(line: RecordLine, { categories, identity }: ExportQuery): boolean {
  const wanted = { accepts: () => true, categories, identity }
  if (line.kind === 'event') return isSelected(flatEvent(line.event), wanted)
  const category = line.kind === 'fault' ? line.category?.toLowerCase() : undefined
  if (categories.length > 0 && (category === undefined || !categories.includes(category))) return false
  return identity === undefined || matchesQuery(line, identity)
}

/**
 * The records of a query in stream order per partition, each once.
 * @param onBlob how many archive blobs have been read
 */
export async function* selectRecords(
  archive: ArchiveContainer,
  query: ExportQuery,
  seen: LinesSeen,
  onBlob: (blobs: number) => void,
): AsyncGenerator<SelectedLine> {
  const wanted = {
    ...query,
    categories: query.categories.map((category) => category.toLowerCase()),
    identity: query.identity?.toLowerCase(),
  }
  for await (const { line, bytes, blob } of uniqueLines(archive, query, seen, onBlob))
    if (line.kind !== 'skipped' && isWanted(line, wanted)) yield { line, bytes, blob }
}
