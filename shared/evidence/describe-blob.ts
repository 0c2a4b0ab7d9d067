import type { ArchiveLine } from '../archive/archive-line.ts'
import { blobName } from '../archive/blob-name.ts'
import { parseLine } from '../archive/parse-line.ts'
import { isoInstant } from '../domain/iso-instant.ts'
import { NewerVersionError } from '../domain/newer-version-error.ts'
import type { Position } from '../domain/position.ts'
import { digest, digestOf, sha256Hex } from '../encoding/digest.ts'
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

type Skipped = Extract<ArchiveLine, { kind: 'skipped' }>

/** What is counted of a line. */
export type CountedLine =
  | Pick<Skipped, 'kind' | 'position' | 'lastSequenceNumber' | 'messages' | 'records'>
  | Pick<Exclude<ArchiveLine, Skipped>, 'kind' | 'position' | 'of'>

function count(counts: Counts, line: CountedLine): void {
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

/** A line of a blob; `undefined` for one that this program did not write. */
export function parsedLine(bytes: Buffer, name: string, number: number): ArchiveLine | undefined {
  try {
    return parseLine(bytes, name, number)
  } catch (error) {
    if (error instanceof NewerVersionError) throw error
    return undefined
  }
}

/** Reads a line of a blob, numbered from 0; `undefined` for one that this program did not write. */
export type LineReader = (bytes: Buffer, name: string, number: number) => CountedLine | undefined

function countLines(name: string, content: Buffer, read: LineReader): Counts | undefined {
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
  for (const bytes of linesOf(content)) {
    const line = read(bytes, name, counts.lines)
    if (line === undefined) return undefined
    count(counts, line)
  }
  return counts
}

/**
 * What the log says about an archive blob: a pure function of its name and stored bytes.
 * @param read called for each line, up to the first that this program did not write
 * @throws NewerVersionError for a blob of a later version of the program
 */
export function describeBlob(
  name: string,
  stored: Buffer,
  read: LineReader = parsedLine,
): ArchiveLeaf | UnreadableLeaf {
  const base = { v: LEAF_VERSION, name, bytes: stored.byteLength, digest: digest(stored) } as const
  const content = wholeContentOf(stored)
  const counts = content === undefined ? undefined : countLines(name, content, read)
  if (content === undefined || counts?.first === undefined || counts.last === undefined)
    return { ...base, type: 'unreadable' }
  const { first, last, lastSequenceNumber, records, events, faults } = counts
  const contentHash = sha256Hex(content)
  if (blobName({ first, lastSequenceNumber, contentHash }) !== name) return { ...base, type: 'unreadable' }
  return {
    ...base,
    type: 'archive',
    contentBytes: content.byteLength,
    contentDigest: digestOf(`sha256:${contentHash}`),
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
