import type { ArchiveLine } from '../../../shared/archive/archive-line.ts'
import { parseLine } from '../../../shared/archive/parse-line.ts'
import type { ArchiveWriter } from '../../../shared/archive/writer.ts'
import type { DeadLetter, DeadLetters } from '../../../shared/delivery/dead-letter.ts'
import { deadLetterBlobName } from '../../../shared/delivery/dead-letter-blobs.ts'
import type { MarkStore, PartitionRef, StoredMarks } from '../../../shared/delivery/marks.ts'
import type { Doorbell, Outbox, OutboxPage } from '../../../shared/delivery/outbox.ts'
import { marksJson, parseMarks } from '../../../shared/delivery/parse-mark-entity.ts'
import type { Receipts } from '../../../shared/delivery/receipt.ts'
import { memoryOutbox } from './memory-outbox.ts'

/** Where a program writes what must outlive it. */
export interface Ports {
  readonly archive: ArchiveWriter
  readonly deadLetters: DeadLetters
  readonly outbox: Outbox
  readonly doorbell: Doorbell
  readonly marks: MarkStore
  readonly receipts: Receipts
}

interface Ring {
  readonly page: OutboxPage
  readonly dueMs: number
}

/** The storage of a deployment, in memory. */
export interface Durable {
  readonly ports: Ports
  /** Lines of one archive blob. */
  linesOf(blob: string): readonly ArchiveLine[]
  archiveLines(): readonly ArchiveLine[]
  /** Archive blobs as they are, by name. */
  blobs(): ReadonlyMap<string, Uint8Array>
  letters(): readonly DeadLetter[]
  receipts(): number
  /** Takes the first doorbell message that is due. */
  takeRing(nowMs: number): OutboxPage | undefined
}

export function durable(now: () => number): Durable {
  const blobs = new Map<string, Buffer>()
  const letters = new Map<string, readonly DeadLetter[]>()
  const marks = new Map<string, { readonly json: string; readonly etag: string }>()
  const rings: Ring[] = []
  let receipts = 0
  let tags = 0
  const markKey = ({ namespace, hub, partition }: PartitionRef): string => `${namespace}/${hub}/${partition}`
  const linesOf = (blob: string): readonly ArchiveLine[] =>
    (blobs.get(blob)?.toString() ?? '')
      .split('\n')
      .slice(0, -1)
      .map((line, i) => parseLine(Buffer.from(line), blob, i))

  return {
    linesOf,
    archiveLines: () => [...blobs.keys()].flatMap(linesOf),
    blobs: () => blobs,
    letters: () => [...letters.values()].flat(),
    receipts: () => receipts,
    takeRing(nowMs) {
      const due = rings.findIndex((ring) => ring.dueMs <= nowMs)
      return due === -1 ? undefined : rings.splice(due, 1)[0]?.page
    },
    ports: {
      archive: {
        async write({ blob, content }) {
          const there = blobs.get(blob)
          if (there === undefined) blobs.set(blob, Buffer.from(content))
          else if (!there.equals(content)) throw new Error(`Two contents want to be ${blob}.`)
          return there === undefined ? 'written' : 'alreadyThere'
        },
      },
      deadLetters: {
        async bury(some) {
          if (some.length > 0 && !letters.has(deadLetterBlobName(some)))
            letters.set(deadLetterBlobName(some), some)
        },
      },
      outbox: memoryOutbox(now),
      doorbell: {
        async ring(page, delayMs) {
          rings.push({ page, dueMs: now() + Math.ceil(delayMs / 1000) * 1000 })
        },
      },
      marks: {
        async read(partition): Promise<StoredMarks> {
          const stored = marks.get(markKey(partition))
          const bySink = stored === undefined ? undefined : parseMarks(stored.json)
          return { bySink: bySink ?? new Map(), etag: stored?.etag }
        },
        async write(partition, { bySink, etag }) {
          if (marks.get(markKey(partition))?.etag !== etag) return undefined
          const written = { json: marksJson(bySink), etag: String(++tags) }
          marks.set(markKey(partition), written)
          return written.etag
        },
      },
      receipts: {
        async file() {
          receipts++
        },
        async fileRows(reports) {
          receipts += reports.length
        },
      },
    },
  }
}
