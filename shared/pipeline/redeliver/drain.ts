import type { Outbox, StoredRow } from '../../delivery/outbox/outbox.ts'
import { prepare } from '../../delivery/prepare.ts'
import { settle } from '../../delivery/settle.ts'
import type { Settlement } from '../../delivery/settlement.ts'
import type { SinkPipeline } from '../../delivery/sink-pipeline.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Time } from '../../domain/time.ts'
import type { DrainSummary, Telemetry } from '../../telemetry/telemetry.ts'
import { type DrainState, NO_PROGRESS, stateAfter } from './drain-state.ts'
import type { HeldPartition } from './held-partition.ts'
import { type LostDeps, LostRows } from './lost-rows.ts'
import { PendingReader, type PendingRow, type PendingWindow, type ReaderDeps } from './pending-reader.ts'
import { probeEvents, probeRows } from './probe.ts'
import {
  distinctEvents,
  expired,
  RowSettlements,
  type SettledRow,
  untried,
  wantedIn,
} from './row-settlements.ts'
import { type SettleRowsDeps, settleRows } from './settle-rows.ts'

export interface DrainDeps extends ReaderDeps, LostDeps, SettleRowsDeps {
  readonly outbox: Pick<Outbox, 'rows' | 'replace' | 'remove' | 'renew'>
  readonly telemetry: Pick<Telemetry, 'problem' | 'delivered'>
  readonly time: Time
}

/** A sink, and what the operator wants there. */
export type DrainSink = Pick<SinkPipeline, 'sink' | 'accepts'>

/** One attempt a window: what fails waits in the outbox, where it can be seen. */
const ONE_ATTEMPT = { maxAttempts: 1, backoff: { baseMs: 0, maxMs: 0 } } as const

/**
 * Redelivers what an outbox partition has pending, in the stream's order, window by window. While
 * one is delivered, the next is read and the one before is settled; so three are held at most.
 * Nothing is removed before its events have ended.
 */
export class Drain {
  #state: DrainState = { name: 'starting' }
  readonly #totals = { delivered: 0, deadLettered: 0, attempts: 0, settled: 0 }
  readonly #hold: HeldPartition
  readonly #sink: DrainSink
  readonly #deps: DrainDeps
  readonly #reader: PendingReader
  readonly #lost: LostRows
  /** Of the latest window that was delivered. */
  #settling: Promise<void> = Promise.resolve()
  /** The row at which it stopped, as it is now. */
  #stoppedAt: StoredRow | undefined

  constructor(hold: HeldPartition, sink: DrainSink, deps: DrainDeps) {
    this.#hold = hold
    this.#sink = sink
    this.#deps = deps
    this.#reader = new PendingReader(hold.outboxPartition, deps)
    this.#lost = new LostRows(hold.outboxPartition, deps)
  }

  /** The fault that stopped it. */
  get stoppedBy(): Fault | undefined {
    return this.#state.name === 'stopped' ? this.#state.by : undefined
  }

  get summary(): Pick<
    DrainSummary,
    'delivered' | 'deadLettered' | 'stillPending' | 'attempts' | 'stoppedBy'
  > {
    const { delivered, deadLettered, attempts, settled } = this.#totals
    const stillPending = this.#reader.eventsListed - settled
    return { delivered, deadLettered, attempts, stillPending, stoppedBy: this.stoppedBy?.code }
  }

  /** The first row that is still to be tried. */
  leftover(): Promise<StoredRow | undefined> {
    return this.#stoppedAt === undefined ? this.#reader.first() : Promise.resolve(this.#stoppedAt)
  }

  /** @throws DurabilityError when the storage does not answer */
  async run(): Promise<void> {
    try {
      await this.#deliver()
      if (this.#state.name === 'stopped') await this.#deadLetterExpired()
    } finally {
      await this.#settling
    }
  }

  async #deliver(): Promise<void> {
    let window = await this.#read()
    while (window.rows.length > 0 && this.#isGoing && (await this.#hold.mayGoOn())) {
      const [first] = window.pending
      const isProbe = first !== undefined && this.#isDoubtful(first.row)
      const ahead = isProbe ? undefined : this.#read()
      // Awaited below; should this window fail, nobody else would hear of it.
      ahead?.catch(() => undefined)
      const maxEvents = isProbe ? probeEvents(first.row) : Number.POSITIVE_INFINITY
      const untouched = await this.#redeliver(window, maxEvents)
      window = (await ahead) ?? (this.#isGoing ? await this.#read() : NOTHING)
      if (this.stoppedBy !== undefined) this.#reader.putBack([...untouched, ...window.rows])
    }
    if (this.stoppedBy === undefined) this.#reader.putBack(window.rows)
  }

  get #isGoing(): boolean {
    return this.#state.name === 'starting' || this.#state.name === 'flowing'
  }

  /** What has failed before is probed; a success then lets the rest follow. */
  #isDoubtful({ attempts }: StoredRow): boolean {
    return attempts > 1 && this.#state.name === 'starting'
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

  /**
   * Redelivers a window; returns the rows of which nothing has ended, as they were. All others are
   * settled, or on their way to be.
   */
  async #redeliver({ pending, lost }: PendingWindow, maxEvents: number): Promise<readonly StoredRow[]> {
    const startedMs = this.#deps.time.monotonicMs()
    const past = await this.#lost.setAside(lost)
    const rowSettlements = await this.#send(pending, maxEvents)
    const ended: SettledRow[] = []
    const untouched: StoredRow[] = []
    let hasStopped = false
    for (const row of pending) {
      const settled = rowSettlements.of(row)
      const left = settled.outcomes.pending.length
      // Behind the row at which it stopped: not tried, and as it was.
      if (hasStopped && left > 0 && left === row.events.length) untouched.push(row.row)
      else ended.push(this.#expiredIfPast(settled))
      hasStopped ||= left > 0
    }
    const isProbed = hasStopped && this.stoppedBy === undefined
    // Before what is left of the rows ahead of them, which is put back in front of them.
    if (isProbed) this.#reader.putBack(untouched)
    await this.#settle(startedMs, [...ended, ...past.map(untried)])
    if (hasStopped) await this.#settling
    return isProbed ? [] : untouched
  }

  /**
   * Sends so many of the events that rows point at, each once; gives every row its share of what
   * came of it.
   */
  async #send(rows: readonly PendingRow[], maxEvents: number): Promise<RowSettlements> {
    const { time, telemetry, failpoint } = this.#deps
    const { sink, accepts } = this.#sink
    const isWanted = wantedIn(rows, accepts)
    const events = distinctEvents(rows)
    const beyond = new Set(events.filter(isWanted).slice(maxEvents))
    const prepared = prepare(
      sink,
      events.filter((event) => !beyond.has(event)),
      (event) => (isWanted(event) ? 'wanted' : 'filtered'),
    )
    const effort = { deadlineMs: this.#hold.sendUntilMs, ...ONE_ATTEMPT }
    const settlement = this.#note(await settle(sink, prepared, effort, time))
    if (settlement.attempts > 0) await failpoint('redelivered')
    telemetry.delivered(sink.name, settlement.delivered, time.now())
    return new RowSettlements(settlement, [...beyond])
  }

  /** Notes what came of a window, and gives its faults their meaning. */
  #note(settlement: Settlement): Settlement {
    this.#totals.attempts += settlement.attempts
    this.#totals.delivered += settlement.delivered.length
    this.#state = stateAfter(this.#state, settlement)
    if (this.stoppedBy !== NO_PROGRESS) return settlement
    return {
      ...settlement,
      pending: settlement.pending.map((one) => ({ ...one, fault: NO_PROGRESS })),
    }
  }

  #expiredIfPast(settled: SettledRow): SettledRow {
    const isPast = this.stoppedBy !== undefined && this.#deps.ageLimit.isPast(settled.row)
    return isPast ? expired(settled) : settled
  }

  /**
   * Rows past the age limit behind one that the sink would not take: their end does not depend on
   * another attempt.
   */
  async #deadLetterExpired(): Promise<void> {
    const wants = (row: StoredRow): boolean => this.#deps.ageLimit.isPast(row)
    this.#hold.endSending()
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

  /**
   * Begins to settle rows once those of the window before are; they are even if that one could not
   * be: their events have ended.
   */
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
    this.#totals.deadLettered += deadLettered
    this.#totals.settled += sumOfEvents(rows.map(({ row }) => row)) - sumOfEvents(left)
    if (stoppedBy === undefined) this.#reader.putBack(left)
    else this.#stoppedAt ??= left[0]
    this.#hold.took(this.#deps.time.monotonicMs() - startedMs)
  }
}

const NOTHING: PendingWindow = { rows: [], pending: [], lost: [] }

const sumOfEvents = (rows: readonly StoredRow[]): number => rows.reduce((sum, row) => sum + row.events, 0)
