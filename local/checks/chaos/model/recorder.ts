import type { ArchiveLine } from '../../../../shared/archive/archive-line.ts'
import { expandLines } from '../../../../shared/delivery/outbox/line-ranges.ts'
import type { ArchivedEvent } from '../../../../shared/domain/exported-event.ts'
import type { Message } from '../../../../shared/domain/position.ts'
import type { DeadLetterEvidence } from '../../verify/evidence.ts'
import { archivedPositions } from '../duplicates/archived-positions.ts'
import type { Disruption, Ingestion, RunHistory } from '../duplicates/history.ts'
import { ingestionsAt, type ReceiptOutcomes } from '../duplicates/ingestions.ts'
import type { Ports } from './durable.ts'
import type { StorageWork } from './guard.ts'
import type { ModelSink } from './model-sink.ts'
import type { ModelTime } from './model-time.ts'

/** The events a process works on; absent: all. */
export type TaskScope = Pick<Disruption, 'partition' | 'sink'>

/** The current work of a process. */
export interface Task {
  process: string
  from: number
  scope: TaskScope
}

/**
 * Operations whose failure can leave a delivery unrecorded. All others come before delivery or fail
 * nothing: a batch that then runs again has delivered nothing, or the settled ranges know it.
 */
const NOTING: ReadonlySet<StorageWork> = new Set([
  'append',
  'dead letter',
  'remove',
  'replace',
  'read settled range',
  'write settled range',
])

const pendingKey = (sink: string | undefined, blob: string, line: number): string => `${sink} ${blob}#${line}`

type EventLine = Extract<ArchiveLine, { kind: 'event' }>

const positionOf = ({ position, ordinal }: Pick<ArchivedEvent, 'position' | 'ordinal'>): string =>
  `${position.partition}/${position.enqueuedAt}/${position.sequenceNumber}/${ordinal}`

/** Records from outside what processes do, when, and which disruptions hit them. */
export class Recorder {
  readonly #time: Pick<ModelTime, 'moment' | 'now'>
  readonly #startedAt: number
  readonly #disruptions: Disruption[] = []
  readonly #archivedAt = new Map<string, number>()
  readonly #filed: (readonly [ReceiptOutcomes, Ingestion])[] = []
  /**
   * Since when each line has been pending for a sink, corrected for a clock that was behind when it
   * was recorded; and when it was dead-lettered for age.
   */
  readonly #pendingSince = new Map<string, number>()
  readonly #expiredAt = new Map<string, number>()
  /** How far each host has read each partition. */
  readonly #readTo = new Map<string, Map<number, number>>()
  #processes = 0

  constructor(time: Pick<ModelTime, 'moment' | 'now'>) {
    this.#time = time
    this.#startedAt = time.moment()
  }

  newTask(): Task {
    return { process: `process ${++this.#processes}`, from: this.#time.moment(), scope: {} }
  }

  begins(task: Task, scope: TaskScope): void {
    task.from = this.#time.moment()
    task.scope = scope
  }

  /** A process remembers times by its clock: after a change, nothing is expected of its memory. */
  clockSet(task: Task): void {
    task.process = `process ${++this.#processes}`
  }

  /** @param from start; default: now */
  struck(what: string, scope: TaskScope, from?: number): void {
    const to = this.#time.moment()
    this.#disruptions.push({ what, from: from ?? to, to, ...scope })
  }

  storageFailed(doing: StorageWork, { scope }: Task): void {
    if (NOTING.has(doing)) this.struck(`storage failed: ${doing}`, scope)
  }

  /**
   * Records that a host reads messages; its settled ranges in memory may be older than the other
   * host's.
   */
  reads(host: number, batch: readonly Message[]): void {
    const [first, last] = [batch[0]?.position, batch.at(-1)?.position]
    if (first === undefined || last === undefined) return
    const { partition } = first
    const readTo = this.#readTo.get(partition) ?? new Map<number, number>()
    this.#readTo.set(partition, readTo)
    const others = [...readTo].filter(([other]) => other !== host)
    if (others.some(([, to]) => to >= first.sequenceNumber))
      this.struck('read again by another host', { partition })
    readTo.set(host, Math.max(readTo.get(host) ?? -1, last.sequenceNumber))
  }

  #note(
    times: Map<string, number>,
    sink: string | undefined,
    blob: string,
    line: number,
    behindMs = 0,
  ): void {
    const key = pendingKey(sink, blob, line)
    if (!times.has(key)) times.set(key, this.#time.moment() - behindMs)
  }

  /** Records that the hub was re-created. */
  recreated(): void {
    this.#readTo.clear()
  }

  /**
   * Wraps the storage ports of one process.
   * @param now the process's clock
   */
  watched(ports: Ports, task: Task, now: () => number): Ports {
    return {
      ...ports,
      outbox: {
        ...ports.outbox,
        append: async (outboxPartition, rows) => {
          const behindMs = Math.max(0, this.#time.now() - now())
          for (const { blob, lines } of rows)
            for (const line of expandLines(lines))
              this.#note(this.#pendingSince, outboxPartition.sink, blob, line, behindMs)
          return ports.outbox.append(outboxPartition, rows)
        },
      },
      deadLetters: {
        write: async (deadLetters) => {
          for (const { sink, blob, line, fault } of deadLetters)
            if (fault.code === 'deliveryExpired') this.#note(this.#expiredAt, sink, blob, line)
          return ports.deadLetters.write(deadLetters)
        },
      },
      archive: {
        write: async (chunk) => {
          const written = await ports.archive.write(chunk)
          if (written === 'written') this.#archivedAt.set(chunk.blob, this.#time.moment())
          return written
        },
      },
      receipts: {
        file: async (blob, reports) => {
          const taken = { process: task.process, from: task.from, to: this.#time.moment() }
          for (const report of reports) this.#filed.push([{ blob, ...report }, taken])
          return ports.receipts.file(blob, reports)
        },
        fileRows: (reports) => ports.receipts.fileRows(reports),
      },
    }
  }

  /** How long an expired line had been pending for a sink; 0: never. */
  pendingMs({ sink, blob, line }: DeadLetterEvidence): number {
    const key = pendingKey(sink, blob, line)
    const since = this.#pendingSince.get(key)
    return since === undefined ? 0 : (this.#expiredAt.get(key) ?? since) - since
  }

  history(sinks: readonly ModelSink[], lines: readonly ArchiveLine[]): RunHistory {
    const events = lines
      .filter((line): line is EventLine => line.kind === 'event')
      .map(({ archived, blob, line }) => ({
        eventId: archived.event.eventId,
        position: positionOf(archived),
        at: this.#archivedAt.get(blob) ?? this.#startedAt,
        pointer: `${blob}#${line}`,
      }))
    const positions = new Map(events.map(({ pointer, position }) => [pointer, position]))
    return {
      startedAt: this.#startedAt,
      disruptions: this.#disruptions,
      archived: archivedPositions(events),
      sinks: sinks.map(({ name, received }) => ({
        sink: name,
        arrivals: received.map((arrival) => ({
          eventId: arrival.eventId,
          position: positionOf(arrival),
          partition: arrival.position.partition,
          at: arrival.at,
          answered: arrival.answered,
        })),
        ingestions: ingestionsAt(name, this.#filed, positions),
      })),
    }
  }
}
