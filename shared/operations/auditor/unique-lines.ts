import type { ArchiveBlob } from '../../archive/archive-blob.ts'
import type { ArchiveContainer } from '../../archive/archive-container.ts'
import type { ArchiveLine } from '../../archive/archive-line.ts'
import { blobsBetween } from '../../archive/list-blobs.ts'
import { parseLine } from '../../archive/parse-line.ts'
import { readLineBytes } from '../../archive/reader.ts'
import type { Instant } from '../../domain/identifiers.ts'

/** Enqueued time; `from` inclusive, `to` exclusive. */
export interface AuditRange {
  readonly from: Instant
  readonly to: Instant
}

export interface UniqueLine {
  readonly line: ArchiveLine
  /** The line as it is stored, without its line feed. */
  readonly bytes: Buffer
  readonly blob: ArchiveBlob
}

/** What was passed over, and what was looked at. */
export interface LinesSeen {
  blobs: number
  /** Lines of messages that an earlier blob had: a batch run twice may be archived twice. */
  copies: number
}

/** How far the blobs read so far reach in a partition. */
interface Reach {
  readonly sequenceNumber: number
  readonly enqueuedAt: number
}

const placeOf = ({ namespace, hub, partition }: ArchiveBlob): string => `${namespace}/${hub}/${partition}`

/** A hub that was made again counts from 0 again, but later. */
const isWithin = ({ position }: ArchiveLine, reach: Reach | undefined): boolean =>
  reach !== undefined &&
  position.sequenceNumber <= reach.sequenceNumber &&
  position.enqueuedAt <= reach.enqueuedAt

/** Far more than a defect of the program leaves behind before it is noticed. */
const MAX_UNCLEAR = 10_000

/**
 * Messages and records of a partition that a blob holds without an event, and of which a copy may
 * say more: a later version of the program may have read them.
 */
class Unclear {
  readonly #keys = new Set<string>()
  #cleared: string[] = []

  note(line: ArchiveLine): void {
    if (line.kind !== 'fault' && line.kind !== 'unsplit') return
    if (this.#keys.size === MAX_UNCLEAR) {
      const [oldest = ''] = this.#keys
      this.#keys.delete(oldest)
    }
    this.#keys.add(this.#keyOf(line, line.kind === 'unsplit'))
  }

  /** Whether a copy says what the line before it did not. */
  isClearedBy(line: ArchiveLine): boolean {
    if (line.kind !== 'event') return false
    const known = [true, false].map((isWhole) => this.#keyOf(line, isWhole)).filter((k) => this.#keys.has(k))
    this.#cleared.push(...known)
    return known.length > 0
  }

  /** At the end of a blob: a message may have several lines in it. */
  settle(): void {
    for (const key of this.#cleared) this.#keys.delete(key)
    this.#cleared = []
  }

  #keyOf(line: Exclude<ArchiveLine, { kind: 'skipped' }>, isWhole: boolean): string {
    const { sequenceNumber, enqueuedAt } = line.position
    return `${enqueuedAt} ${sequenceNumber}${isWhole ? '' : ` ${line.ordinal}`}`
  }
}

/**
 * The lines of a time range in stream order per partition, each message once: the blobs come in the
 * order of their sequence numbers, and each holds its range without a hole. A copy that has an event
 * where the first one has a fault comes as well.
 * @param onBlob how many archive blobs have been read
 */
export async function* uniqueLines(
  archive: ArchiveContainer,
  { from, to }: AuditRange,
  seen: LinesSeen,
  onBlob: (blobs: number) => void,
): AsyncGenerator<UniqueLine> {
  const reached = new Map<string, Reach>()
  const unclearIn = new Map<string, Unclear>()
  for await (const blob of blobsBetween(archive, from, to)) {
    const place = placeOf(blob)
    const before = reached.get(place)
    const unclear = unclearIn.get(place) ?? new Unclear()
    unclearIn.set(place, unclear)
    let enqueuedAt = Number.NEGATIVE_INFINITY
    let number = 0
    for await (const bytes of readLineBytes(archive, blob.name)) {
      const line = parseLine(bytes, blob.name, number++)
      const at = line.position.enqueuedAt
      enqueuedAt = Math.max(enqueuedAt, at)
      if (at < from || at >= to) continue
      if (!isWithin(line, before)) unclear.note(line)
      else if (!unclear.isClearedBy(line)) {
        seen.copies += 1
        continue
      }
      yield { line, bytes, blob }
    }
    unclear.settle()
    // A blob within an earlier one does not take the reach back.
    if (
      before === undefined ||
      blob.lastSequenceNumber > before.sequenceNumber ||
      enqueuedAt > before.enqueuedAt
    )
      reached.set(place, { sequenceNumber: blob.lastSequenceNumber, enqueuedAt })
    seen.blobs += 1
    onBlob(seen.blobs)
  }
}
