import type { Outbox, StoredRow } from '../../delivery/outbox/outbox.ts'
import { OUT_OF_TIME } from '../../delivery/send/attempt.ts'
import { deliverInOrder, type Outcomes } from '../../delivery/send/deliver-in-order.ts'
import { encodeAll } from '../../delivery/send/encode-all.ts'
import type { Encoded, Sink } from '../../delivery/sink.ts'
import { type Fault, transientFault } from '../../domain/fault.ts'
import type { Time } from '../../domain/time.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import type { HeldPartition } from './held-partition.ts'
import { type LostDeps, LostRows } from './lost-rows.ts'
import { PendingReader, type PendingRow, type PendingWindow, type ReaderDeps } from './pending-reader.ts'
import { distinctEvents, EventOutcomes, expired, untried } from './row-outcomes.ts'
import { type SettledRow, type SettleRowsDeps, settleRows } from './settle-rows.ts'

export interface DrainDeps extends ReaderDeps, LostDeps, SettleRowsDeps {
  readonly outbox: Pick<Outbox, 'rows' | 'replace' | 'remove' | 'renew'>
  readonly telemetry: Pick<Telemetry, 'problem' | 'delivered'>
  readonly time: Time
}

/** One attempt a window: what fails waits in the outbox, where it can be seen. */
const ONE_ATTEMPT = { maxAttempts: 1, backoff: { baseMs: 0, maxMs: 0 } } as const

const NO_PROGRESS = transientFault(
  'timeout',
  'Within a whole budget the sink took nothing. Check how long it takes to answer, or raise REDELIVERY_BUDGET_MS.',
)

/**
 * Redelivers what an outbox partition has pending, in the stream's order, window by window. While one is delivered, the next is read and the one before is settled;
 * so three are held at most. Nothing is removed before its events have ended.
 */
export class Drain {
  delivered = 0
  deadLettered = 0
  attempts = 0
  /** The fault of the sink that ended it. */
  stoppedBy: Fault | undefined
  readonly #hold: HeldPartition
  readonly #sink: Sink
  readonly #deps: DrainDeps
  readonly #reader: PendingReader
  readonly #lost: LostRows
  /** Whether the sink has taken, or refused for its own sake, anything yet. */
  #hasMoved = false
  /** Its time ran out while the sink was taking. */
  #isOutOfTime = false
  /** Of the latest window that was delivered. */
  #settling: Promise<void> = Promise.resolve()
  #eventsSettled = 0
  /** The row at which it stopped, as it is now. */
  #stoppedAt: StoredRow | undefined

  constructor(hold: HeldPartition, sink: Sink, deps: DrainDeps) {
    this.#hold = hold
    this.#sink = sink
    this.#deps = deps
    this.#reader = new PendingReader(hold.outboxPartition, deps)
    this.#lost = new LostRows(hold.outboxPartition, deps)
  }

  /** Events still pending, of all that it has listed. */
  get stillPending(): number {
    return this.#reader.eventsListed - this.#eventsSettled
  }

  /** The first row that is still to be tried. */
  leftover(): Promise<StoredRow | undefined> {
    return this.#stoppedAt === undefined ? this.#reader.first() : Promise.resolve(this.#stoppedAt)
  }

  /** @throws DurabilityError when the storage does not answer */
  async run(): Promise<void> {
    try {
      await this.#deliver()
      if (this.stoppedBy !== undefined) await this.#deadLetterExpired()
    } finally {
      await this.#settling
    }
  }

  async #deliver(): Promise<void> {
    let window = await this.#read()
    while (window.rows.length > 0 && !this.#isOutOfTime && (await this.#hold.mayGoOn())) {
      const [first] = window.pending
      const isProbe = first !== undefined && this.#isDoubtful(first.row)
      const ahead = isProbe ? undefined : this.#read()
      // Awaited below; should this window fail, nobody else would hear of it.
      ahead?.catch(() => undefined)
      const untouched = await this.#pay(window, isProbe ? probeSize(first.row) : Number.POSITIVE_INFINITY)
      window = (await ahead) ?? (this.stoppedBy === undefined ? await this.#read() : NOTHING)
      if (this.stoppedBy === undefined) continue
      this.#reader.putBack([...untouched, ...window.rows])
      return
    }
    this.#reader.putBack(window.rows)
  }

  /** What has failed before is probed; a success then lets the rest follow. */
  #isDoubtful({ attempts }: StoredRow): boolean {
    return attempts > 1 && !this.#hasMoved
  }

  /** Half of the time at most goes into reading: the other half is for what is read. */
  async #read(): Promise<PendingWindow> {
    const first = await this.#reader.first()
    const nowMs = this.#deps.time.monotonicMs()
    return this.#reader.next({
      ...(first !== undefined && this.#isDoubtful(first) ? { maxRows: probeRows(first) } : {}),
      untilMs: nowMs + (this.#hold.deadlineMs - nowMs) / 2,
    })
  }

  /** Delivers a window; returns the rows of which nothing has ended, as they were. All others are settled, or on their way to be. */
  async #pay({ pending, lost }: PendingWindow, maxEvents: number): Promise<readonly StoredRow[]> {
    const { time, telemetry, failpoint } = this.#deps
    const startedMs = time.monotonicMs()
    const past = await this.#lost.setAside(lost)
    const events = distinctEvents(pending)
    const { items, unfit } = encodeAll(this.#sink, events.slice(0, maxEvents))
    const effort = { deadlineMs: this.#hold.deadlineMs, ...ONE_ATTEMPT }
    const tried = await deliverInOrder<Encoded>(this.#sink, items, effort, time)
    if (tried.attempts > 0) await failpoint('redelivered')
    const outcomes = this.#note({ ...tried, deadLettered: [...unfit, ...tried.deadLettered] })
    telemetry.delivered(this.#hold.outboxPartition.sink, outcomes.delivered, time.now())

    const eventOutcomes = new EventOutcomes(outcomes, events.slice(maxEvents))
    const ended: SettledRow[] = []
    const untouched: StoredRow[] = []
    let hasStopped = false
    for (const row of pending) {
      const end = eventOutcomes.of(row)
      // Behind the row at which it stopped: not tried, and as it was.
      if (hasStopped && end.pending.length > 0 && end.pending.length === row.events.length)
        untouched.push(row.row)
      else ended.push(this.#expiredIfPast(end))
      hasStopped ||= end.pending.length > 0
    }
    const isProbed = hasStopped && this.stoppedBy === undefined
    // Before what is left of the rows ahead of them, which is put back in front of them.
    if (isProbed) this.#reader.putBack(untouched)
    await this.#settle(startedMs, [...ended, ...past.map(untried)])
    if (hasStopped) await this.#settling
    return isProbed ? [] : untouched
  }

  /** Notes what came of a window, and gives its faults their meaning. */
  #note(outcomes: Outcomes): Outcomes {
    this.#hasMoved ||= outcomes.delivered.length + outcomes.deadLettered.length > 0
    this.attempts += outcomes.attempts
    this.delivered += outcomes.delivered.length
    if (outcomes.stoppedBy !== OUT_OF_TIME) {
      this.stoppedBy = outcomes.stoppedBy
      return outcomes
    }
    this.#isOutOfTime = true
    if (outcomes.delivered.length + outcomes.deadLettered.length > 0) return outcomes
    // No progress in a whole budget is trouble of the sink's, to be waited for and to grow old like any other.
    this.stoppedBy = NO_PROGRESS
    return { ...outcomes, pending: outcomes.pending.map((one) => ({ ...one, fault: NO_PROGRESS })) }
  }

  #expiredIfPast(end: SettledRow): SettledRow {
    return this.stoppedBy !== undefined && this.#deps.ageLimit.isPast(end.row) ? expired(end) : end
  }

  /** Rows past the age limit behind one that the sink would not take: their end does not depend on another attempt. */
  async #deadLetterExpired(): Promise<void> {
    const wants = (row: StoredRow): boolean => this.#deps.ageLimit.isPast(row)
    while (await this.#hold.mayGoOn()) {
      const startedMs = this.#deps.time.monotonicMs()
      const window = await this.#reader.next({ untilMs: this.#hold.deadlineMs, wants })
      if (window.rows.length === 0) return
      const past: readonly PendingRow[] = [...window.pending, ...(await this.#lost.setAside(window.lost))]
      await this.#settle(
        startedMs,
        past.map((row) => expired(untried(row))),
      )
    }
  }

  /** Begins to settle rows once those of the window before are; they are even if that one could not be: their events have ended. */
  async #settle(startedMs: number, rows: readonly SettledRow[]): Promise<void> {
    try {
      await this.#settling
    } finally {
      this.#settling = this.#settleNow(startedMs, rows)
      // Awaited with the next window, or at the end.
      this.#settling.catch(() => undefined)
    }
  }

  async #settleNow(startedMs: number, rows: readonly SettledRow[]): Promise<void> {
    const { stoppedBy } = this
    const { deadLettered, left } = await settleRows(
      rows,
      { outboxPartition: this.#hold.outboxPartition, startedMs, stoppedBy },
      this.#deps,
    )
    this.deadLettered += deadLettered
    this.#eventsSettled += sumOfEvents(rows.map(({ row }) => row)) - sumOfEvents(left)
    if (stoppedBy === undefined) this.#reader.putBack(left)
    else this.#stoppedAt ??= left[0]
    this.#hold.took(this.#deps.time.monotonicMs() - startedMs)
  }
}

const NOTHING: PendingWindow = { rows: [], pending: [], lost: [] }

/** Events in the probe of a sink that refused whatever was sent. */
const PROBE_EVENTS = 16

/** What was refused alone is probed with some of what is behind it: only what becomes of others tells whose fault that was. */
const wasRefusedAlone = ({ lastFault }: StoredRow): boolean => lastFault?.code === 'allRefused'

const probeRows = (row: StoredRow): number => (wasRefusedAlone(row) ? PROBE_EVENTS : 1)

/** A row that keeps failing is tried with ever fewer of its events, so that a slow refusal cannot hide a bad one for ever. */
const probeSize = (row: StoredRow): number =>
  wasRefusedAlone(row)
    ? PROBE_EVENTS
    : Math.max(1, Math.ceil(row.events / 2 ** Math.max(0, row.attempts - 2)))

const sumOfEvents = (rows: readonly StoredRow[]): number => rows.reduce((sum, row) => sum + row.events, 0)
