import type { ArchiveLine } from '../../../../shared/archive/archive-line.ts'
import { parseLine } from '../../../../shared/archive/parse-line.ts'
import type { ArchiveWriter } from '../../../../shared/archive/writer.ts'
import type { DeadLetter, DeadLetterWriter } from '../../../../shared/delivery/dead-letters/dead-letter.ts'
import { deadLetterBlobName } from '../../../../shared/delivery/dead-letters/dead-letter-blobs.ts'
import type { SettledRangeStore } from '../../../../shared/delivery/dedup/settled-ranges.ts'
import { settledTable } from '../../../../shared/delivery/dedup/settled-table.ts'
import type { Outbox, OutboxPartition, WakeUps } from '../../../../shared/delivery/outbox/outbox.ts'
import { tableOutbox } from '../../../../shared/delivery/outbox/outbox-table.ts'
import type { Receipts } from '../../../../shared/delivery/receipts/receipt.ts'
import type { Tables } from '../garbage.ts'
import { memoryTable } from './memory-table.ts'

/** Ports to the storage that outlives a program. */
export interface Ports {
  readonly archive: ArchiveWriter
  readonly deadLetters: DeadLetterWriter
  readonly outbox: Outbox
  readonly wakeUps: WakeUps
  readonly settledRanges: SettledRangeStore
  readonly receipts: Receipts
}

interface Due {
  readonly outboxPartition: OutboxPartition
  readonly dueMs: number
}

/** A deployment's storage, in memory. */
export interface Durable {
  readonly ports: Ports
  /** The ports for a process with its own clock, which decides the times written and read. */
  portsAt(now: () => number): Ports
  /** Direct access to its tables. */
  readonly tables: Tables
  /** Lines of one archive blob. */
  linesOf(blob: string): readonly ArchiveLine[]
  archiveLines(): readonly ArchiveLine[]
  /** Archive blobs as stored, by name. */
  blobs(): ReadonlyMap<string, Uint8Array>
  deadLetters(): readonly DeadLetter[]
  receipts(): number
  /** Takes the first wake-up message that is due. */
  takeWakeUp(nowMs: number): OutboxPartition | undefined
}

/** @param archiveIn writes archive blobs instead of the model */
export function durable(
  now: () => number,
  archiveIn?: (blobs: Map<string, Buffer>) => ArchiveWriter,
): Durable {
  const blobs = new Map<string, Buffer>()
  const deadLetters = new Map<string, readonly DeadLetter[]>()
  const tables = { outbox: memoryTable(now), settledRanges: memoryTable(now) }
  const queued: Due[] = []
  let receipts = 0
  let tokens = 0
  /** Cache by content: a blob is read many times. */
  const read = new WeakMap<Buffer, readonly ArchiveLine[]>()
  function linesOf(blob: string): readonly ArchiveLine[] {
    const content = blobs.get(blob)
    if (content === undefined) return []
    const known = read.get(content)
    if (known !== undefined) return known
    const texts = content.toString().split('\n').slice(0, -1)
    const lines = texts.map((line, i) => parseLine(Buffer.from(line), blob, i))
    read.set(content, lines)
    return lines
  }

  const archive: ArchiveWriter = archiveIn?.(blobs) ?? {
    async write({ blob, content }) {
      const there = blobs.get(blob)
      if (there === undefined) blobs.set(blob, Buffer.from(content))
      else if (!there.equals(content)) throw new Error(`Two different contents for ${blob}.`)
      return there === undefined ? 'written' : 'alreadyThere'
    },
  }

  const portsAt = (processNow: () => number): Ports => ({
    archive,
    deadLetters: {
      async write(some) {
        if (some.length > 0 && !deadLetters.has(deadLetterBlobName(some)))
          deadLetters.set(deadLetterBlobName(some), some)
      },
    },
    outbox: tableOutbox(tables.outbox, { now: processNow }, () => String(++tokens)),
    wakeUps: {
      async send(outboxPartition, delayMs) {
        queued.push({ outboxPartition, dueMs: now() + Math.ceil(delayMs / 1000) * 1000 })
      },
    },
    settledRanges: settledTable(tables.settledRanges),
    receipts: {
      async file(_, reports) {
        if (reports.length > 0) receipts++
      },
      async fileRows(reports) {
        receipts += reports.length
      },
    },
  })

  return {
    linesOf,
    archiveLines: () => [...blobs.keys()].flatMap(linesOf),
    blobs: () => blobs,
    deadLetters: () => [...deadLetters.values()].flat(),
    receipts: () => receipts,
    takeWakeUp(nowMs) {
      const due = queued.findIndex((one) => one.dueMs <= nowMs)
      return due === -1 ? undefined : queued.splice(due, 1)[0]?.outboxPartition
    },
    tables,
    ports: portsAt(now),
    portsAt,
  }
}
