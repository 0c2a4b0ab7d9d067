import type { ContainerClient } from '@azure/storage-blob'
import type { ArchiveLine } from '../../archive/archive-line.ts'
import { blobsBetween } from '../../archive/list-blobs.ts'
import { readBlob } from '../../archive/reader.ts'
import type { Instant } from '../../domain/identifiers.ts'
import { positionJson } from '../../domain/position.ts'
import { isAboutWanted } from './trace-match.ts'

type RecordLine = Exclude<ArchiveLine, { kind: 'skipped' }>

export interface TraceQuery {
  /** Id of an event, fact, detection, identity or application. */
  readonly wanted: string
  /** Of the enqueued time; `from` inclusive, `to` exclusive. */
  readonly from: Instant
  readonly to: Instant
  readonly maxRecords: number
}

/** A record as the archive has it, and every place where it has it: a batch that was run twice may have been archived twice. */
export interface FoundRecord {
  readonly line: RecordLine
  readonly places: readonly { readonly blob: string; readonly line: number }[]
}

export interface Found {
  readonly records: readonly FoundRecord[]
  /** Whether there may be more than were asked for. */
  readonly more: boolean
  readonly blobs: number
}

/**
 * Looks through the archive, hour by hour, for what is about an id; what it finds is in the order of time.
 * @param onBlob told how many blobs have been read
 */
export async function findRecords(
  archive: ContainerClient,
  { wanted, from, to, maxRecords }: TraceQuery,
  onBlob: (blobs: number) => void,
): Promise<Found> {
  const lowerCase = wanted.toLowerCase()
  const found = new Map<string, FoundRecord>()
  let blobs = 0
  for await (const { name } of blobsBetween(archive, from, to)) {
    for await (const line of readBlob(archive, name)) {
      if (line.kind === 'skipped') continue
      const { enqueuedAt } = line.position
      if (enqueuedAt < from || enqueuedAt >= to || !isAboutWanted(line, lowerCase)) continue
      const key = `${positionJson(line.position)}#${line.ordinal}`
      const known = found.get(key)
      if (known === undefined && found.size >= maxRecords)
        return { records: inTime(found), more: true, blobs }
      const places = [...(known?.places ?? []), { blob: name, line: line.line }]
      found.set(key, { line: clearer(known?.line, line), places })
    }
    onBlob(++blobs)
  }
  return { records: inTime(found), more: false, blobs }
}

/** Of two forms of one record the event tells more: the other is of a program that could not read it. */
const clearer = (known: RecordLine | undefined, line: RecordLine): RecordLine =>
  known === undefined || (known.kind !== 'event' && line.kind === 'event') ? line : known

const inTime = (found: ReadonlyMap<string, FoundRecord>): readonly FoundRecord[] =>
  [...found.values()].sort((a, b) => a.line.position.enqueuedAt - b.line.position.enqueuedAt)
