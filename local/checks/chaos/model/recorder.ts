import type { ArchiveLine } from '../../../../shared/archive/archive-line.ts'
import { expandLines } from '../../../../shared/delivery/outbox/line-ranges.ts'
import type { ArchivedEvent } from '../../../../shared/domain/exported-event.ts'
import type { Message } from '../../../../shared/domain/position.ts'
import type { DeadLetterEvidence } from '../../verify/evidence.ts'
import { archivedPlaces } from '../duplicates/archived-places.ts'
import type { Disruption, RunHistory, TakenIn } from '../duplicates/history.ts'
import { type ReceiptOutcomes, takenInAt } from '../duplicates/taken-in.ts'
import type { Ports } from './durable.ts'
import type { StorageWork } from './guard.ts'
import type { ModelSink } from './model-sink.ts'
import type { ModelTime } from './model-time.ts'

/** Whose events a process works on; absent: those of all. */
export type TaskScope = Pick<Disruption, 'partition' | 'sink'>

/** What a process is at. */
export interface Task {
  process: string
  from: number
  scope: TaskScope
}

/**
 * Work whose failure can leave what was delivered unnoted. What else there is comes before any
 * delivery, or fails nothing; then a batch runs again that has delivered nothing, or of which the
 * settled ranges know.
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

const placeOf = ({ position, ordinal }: Pick<ArchivedEvent, 'position' | 'ordinal'>): string =>
  `${position.partition}/${position.enqueuedAt}/${position.sequenceNumber}/${ordinal}`

/** Sees from outside what processes do, when, and what strikes them. */
export class Recorder {
  readonly #time: Pick<ModelTime, 'moment' | 'now'>
  readonly #startedAt: number
  readonly #disruptions: Disruption[] = []
  readonly #archivedAt = new Map<string, number>()
  readonly #filed: (readonly [ReceiptOutcomes, TakenIn])[] = []
  /**
   * Since when each line is pending for a sink, earlier by as much as the clock was behind that
   * noted it; and when it was dead-lettered for that.
   */
  readonly #pendingSince = new Map<string, number>()
  readonly #expiredAt = new Map<string, number>()
  /** Up to where each of the hosts has read each partition. */
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

  /** What a process remembers is told by its clock: of what it knew before, nothing is expected. */
  clockSet(task: Task): void {
    task.process = `process ${++this.#processes}`
  }

  /** @param from since when; default: only now */
  struck(what: string, scope: TaskScope, from?: number): void {
    const to = this.#time.moment()
    this.#disruptions.push({ what, from: from ?? to, to, ...scope })
  }

  storageFailed(doing: StorageWork, { scope }: Task): void {
    if (NOTING.has(doing)) this.struck(`storage failed: ${doing}`, scope)
  }

  /**
   * A host reads messages; it may have settled ranges in memory that are older than what the other
   * one has settled.
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

  /** The hub numbers anew. */
  recreated(): void {
    this.#readTo.clear()
  }

  /**
   * The storage, as one process has it.
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

  /** For how long what expired at a sink had been pending for it; 0: it never was. */
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
        place: placeOf(archived),
        at: this.#archivedAt.get(blob) ?? this.#startedAt,
        pointer: `${blob}#${line}`,
      }))
    const places = new Map(events.map(({ pointer, place }) => [pointer, place]))
    return {
      startedAt: this.#startedAt,
      disruptions: this.#disruptions,
      archived: archivedPlaces(events),
      sinks: sinks.map(({ name, received }) => ({
        sink: name,
        arrivals: received.map(({ archived, at, answered }) => ({
          eventId: archived.event.eventId,
          place: placeOf(archived),
          partition: archived.position.partition,
          at,
          answered,
        })),
        takenIn: takenInAt(name, this.#filed, places),
      })),
    }
  }
}
