import type { ArchiveLine } from '../archive/archive-line.ts'
import { blobName } from '../archive/blob-name.ts'
import { parseLine } from '../archive/parse-line.ts'
import { isoInstant } from '../domain/iso-instant.ts'
import { NewerVersionError } from '../domain/newer-version-error.ts'
import type { Position } from '../domain/position.ts'
import { digest, sha256Hex } from '../encoding/digest.ts'
import { linesOf, wholeContentOf } from './blob-content.ts'
import { type ArchiveLeaf, LEAF_VERSION, type UnreadableLeaf } from './leaf.ts'

interface Counts {
  lines: number
  messages: number
  records: number
  events: number
  faults: number
  first: Position | undefined
  last: Position | undefined
  lastSequenceNumber: number
}

function count(counts: Counts, line: ArchiveLine): void {
  counts.lines += 1
  counts.first ??= line.position
  if (line.kind === 'skipped') {
    counts.messages += line.messages
    counts.records += line.records
    counts.lastSequenceNumber = line.lastSequenceNumber
  } else {
    if (counts.last?.sequenceNumber !== line.position.sequenceNumber) {
      counts.messages += 1
      counts.records += line.of
    }
    counts[line.kind === 'event' ? 'events' : 'faults'] += 1
    counts.lastSequenceNumber = line.position.sequenceNumber
  }
  counts.last = line.position
}

function countLines(name: string, content: Buffer): Counts | undefined {
  const counts: Counts = {
    lines: 0,
    messages: 0,
    records: 0,
    events: 0,
    faults: 0,
    first: undefined,
    last: undefined,
    lastSequenceNumber: -1,
  }
  try {
    for (const line of linesOf(content)) count(counts, parseLine(line, name, counts.lines))
    return counts
  } catch (error) {
    if (error instanceof NewerVersionError) throw error
    return undefined
  }
}

/**
 * What the log says about an archive blob: a pure function of its name and stored bytes.
 * @throws NewerVersionError for a blob of a later version of the program
 */
export function describeBlob(name: string, stored: Buffer): ArchiveLeaf | UnreadableLeaf {
  const base = { v: LEAF_VERSION, name, bytes: stored.byteLength, digest: digest(stored) } as const
  const content = wholeContentOf(stored)
  const counts = content === undefined ? undefined : countLines(name, content)
  if (content === undefined || counts?.first === undefined || counts.last === undefined)
    return { ...base, type: 'unreadable' }
  const { first, last, lastSequenceNumber, records, events, faults } = counts
  const contentHash = sha256Hex(content)
  if (blobName({ first, lastSequenceNumber, contentHash }) !== name) return { ...base, type: 'unreadable' }
  return {
    ...base,
    type: 'archive',
    contentBytes: content.byteLength,
    contentDigest: digest(content),
    lines: counts.lines,
    messages: counts.messages,
    records,
    events,
    faults,
    skipped: records - events - faults,
    namespace: first.namespace,
    hub: first.hub,
    partition: first.partition,
    firstSequenceNumber: first.sequenceNumber,
    lastSequenceNumber,
    firstEnqueuedAt: isoInstant(first.enqueuedAt),
    lastEnqueuedAt: isoInstant(last.enqueuedAt),
  }
}
