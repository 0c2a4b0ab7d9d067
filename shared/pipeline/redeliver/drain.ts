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
import { type Probe, probeOf, splitOffFirst } from './probe.ts'
import { distinctEvents, expired, RowSettlements, type SettledRow, untried } from './row-settlements.ts'
import { type SettleRowsDeps, settleRows } from './settle-rows.ts'

export interface DrainDeps extends ReaderDeps, LostDeps, SettleRowsDeps {
  readonly outbox: Pick<Outbox, 'rows' | 'replace' | 'remove' | 'renew'>
  readonly telemetry: Pick<Telemetry, 'problem' | 'delivered'>
  readonly time: Time
}

/** A sink, and the operator's filter for it. */
export type DrainSink = Pick<SinkPipeline, 'sink' | 'accepts'>

/** One attempt per window: failures wait in the outbox, where they are visible. */
const ONE_ATTEMPT = { maxAttempts: 1, backoff: { baseMs: 0, maxMs: 0 } } as const

/**
 * Redelivers the pending rows of an outbox partition in stream order, window by window. While one
 * window is delivered, the next is read and the previous one settled, so at most three are in
 * memory. Rows are removed only after their events are settled.
 */
export class Drain {
  #state: DrainState = { name: 'starting' }
  readonly #totals = { delivered: 0, deadLettered: 0, attempts: 0, settled: 0 }
  readonly #hold: HeldPartition
  readonly #sink: DrainSink
  readonly #deps: DrainDeps
  readonly #reader: PendingReader
  readonly #lost: LostRows
  /** Settling of the latest delivered window. */
  #settling: Promise<void> = Promise.resolve()
  /** The row at which it stopped, in its current form. */
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

  /** The first row still to be tried, once it stopped. */
  leftover(): Promise<StoredRow | undefined> {
    return this.#stoppedAt === undefined
      ? this.#reader.first(this.#hold.deadlineMs)
      : Promise.resolve(this.#stoppedAt)
  }

  /** @throws DurabilityError if the storage does not answer */
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
      const probe = this.#probeAt(first?.row)
      const ahead = probe === undefined ? this.#read() : undefined
      // Awaited below; if this window throws first, it must not become an unhandled rejection.
      ahead?.catch(() => undefined)
      const untouched = await this.#redeliver(window, probe)
      window = (await ahead) ?? (this.#isGoing ? await this.#read() : NOTHING)
      if (this.stoppedBy !== undefined) this.#reader.putBack([...untouched, ...window.rows])
    }
  }

  get #isGoing(): boolean {
    return this.#state.name === 'starting' || this.#state.name === 'flowing'
  }

  /** Rows that failed before are probed; a success lets the rest follow. */
  #probeAt(row: StoredRow | undefined): Probe | undefined {
    const isDoubtful = row !== undefined && row.attempts > 1 && this.#state.name === 'starting'
    return isDoubtful ? probeOf(row) : undefined
  }

  /** Reading takes at most half of the time, leaving half to deliver what was read. */
  async #read(): Promise<PendingWindow> {
    const nowMs = this.#deps.time.monotonicMs()
    const untilMs = nowMs + (this.#hold.deadlineMs - nowMs) / 2
    const probe = this.#probeAt(await this.#reader.first(untilMs))
    return this.#reader.next({ ...(probe === undefined ? {} : { maxRows: probe.rows }), untilMs })
  }

  /**
   * Redelivers a window; returns the rows with no settled event, unchanged, which are to be put
   * back if it stopped. The others are settled, or about to be.
   */
  async #redeliver({ pending, lost, memory }: PendingWindow, probe?: Probe): Promise<readonly StoredRow[]> {
    const startedMs = this.#deps.time.monotonicMs()
    const past = await this.#lost.setAside(lost)
    const rowSettlements = await this.#send(pending, probe)
    const ended: SettledRow[] = []
    const untouched: StoredRow[] = []
    let hasStopped = false
    for (const row of pending) {
      const settled = rowSettlements.of(row)
      const left = settled.outcomes.pending.length
      // Behind the row at which it stopped: untried, and unchanged.
      if (hasStopped && left > 0 && left === row.events.length) untouched.push(row.row)
      else ended.push(this.#expiredIfPast(settled))
      hasStopped ||= left > 0
    }
    // After a probe: put back before the remainders of earlier rows, which go in front of them.
    if (hasStopped && this.stoppedBy === undefined) this.#reader.putBack(untouched)
    await this.#settle(startedMs, [...ended, ...past.map(untried)], memory)
    if (hasStopped) await this.#settling
    return untouched
  }

  /**
   * Settles the distinct events of the rows, or as many as the probe has; gives each row its share
   * of the outcomes.
   */
  async #send(rows: readonly PendingRow[], probe: Probe | undefined): Promise<RowSettlements> {
    const { time, telemetry, failpoint } = this.#deps
    const { sink, accepts } = this.#sink
    const events = distinctEvents(rows)
    const tried = events.slice(0, probe?.events)
    // Again, by the settings of today: while those could not be read, nothing was filtered.
    const prepared = prepare(sink, tried, ({ event }) => (accepts(event) ? 'wanted' : 'filtered'))
    const inOrder = probe?.sendFirstAlone === true ? splitOffFirst(prepared) : prepared
    const retry = { deadlineMs: this.#hold.sendUntilMs, ...ONE_ATTEMPT }
    const settlement = this.#note(await settle(sink, inOrder, retry, time))
    if (settlement.attempts > 0) await failpoint('redelivered')
    telemetry.delivered(sink.name, settlement.delivered, time.now())
    return new RowSettlements(settlement, events.slice(tried.length))
  }

  /** Records a window's settlement, and reinterprets its faults. */
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
   * Dead-letters rows past the age limit behind a row the sink did not take: no attempt could
   * change their outcome.
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
        window.memory,
      )
    }
  }

  /**
   * Settles rows after the previous window, even if that one's settling failed: their events have
   * their outcomes.
   */
  async #settle(
    startedMs: number,
    rows: readonly SettledRow[],
    memory: PendingWindow['memory'],
  ): Promise<void> {
    try {
      await this.#settling
    } finally {
      this.#settling = this.#settleNow(startedMs, rows, memory)
      // Awaited with the next window, or at the end.
      this.#settling.catch(() => undefined)
    }
  }

  async #settleNow(
    startedMs: number,
    rows: readonly SettledRow[],
    memory: PendingWindow['memory'],
  ): Promise<void> {
    const { stoppedBy } = this
    const { deadLettered, left } = await settleRows(
      rows,
      { outboxPartition: this.#hold.outboxPartition, startedMs, stoppedBy },
      this.#deps,
    )
    // Not where that failed: what goes on then may still look at it.
    memory.release()
    this.#totals.deadLettered += deadLettered
    this.#totals.settled += sumOfEvents(rows.map(({ row }) => row)) - sumOfEvents(left)
    if (stoppedBy === undefined) this.#reader.putBack(left)
    else this.#stoppedAt ??= left[0]
    this.#hold.took(this.#deps.time.monotonicMs() - startedMs)
  }
}

const NOTHING: PendingWindow = { rows: [], pending: [], lost: [], memory: { release: () => undefined } }

const sumOfEvents = (rows: readonly StoredRow[]): number => rows.reduce((sum, row) => sum + row.events, 0)
