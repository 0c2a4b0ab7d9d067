import { FAILPOINTS, type Failpoint } from '../../../../shared/delivery/failpoint.ts'
import type { Message } from '../../../../shared/domain/position.ts'
import { verify } from '../../verify/verify.ts'
import { type ExplainedVerdict, explainRun } from '../duplicates/explain-run.ts'
import { rowsLeft, writeUnreadableRow, writeUnreadableSettled } from '../garbage.ts'
import { GeneratedRecords } from '../generated-records.ts'
import { messageStream, smallMessages } from '../records.ts'
import { ALL_DISRUPTIONS, type Disruptions } from './disruptions.ts'
import { modelEvidence } from './model-evidence.ts'
import { STREAM } from './model-hub.ts'
import type { ModelArrival } from './model-sink.ts'
import { ModelWorld } from './model-world.ts'
import type { Injection, Program, StorageInjection } from './program.ts'

export interface ModelRunOptions {
  readonly seed: number
  readonly disruptions?: Disruptions
  readonly inject?: Injection
  readonly injectInStorage?: StorageInjection
  readonly turns?: number
  /** Number of messages with one record to send last, one by one, while a sink is down. */
  readonly messagesInOutage?: number
}

/** The result of a run, seen from outside. */
export interface ModelRun extends ExplainedVerdict {
  readonly seed: number
  readonly sent: number
  readonly kills: number
  readonly killedAfter: ReadonlySet<Failpoint>
  readonly faultsInjected: number
  readonly answersLost: number
  readonly maxPendingAgeMs: number
  /** Outbox rows at the end of the outage. */
  readonly rowsInOutage: number
  /** What arrived at each sink, in order. */
  readonly received: ReadonlyMap<string, readonly ModelArrival[]>
  /** What happened, turn by turn; the same for the same seed. */
  readonly log: readonly string[]
}

const TURNS = 120
const HEALING_TURNS = 500
const LULL_TURNS = 60
/** More defects than this add nothing. */
const MAX_DEFECTS = 20
const LONG_OUTAGE_MS = 80 * 3_600_000
const COMES_BACK_MS = 30_000
/** After this time, a wrong clock is corrected. */
const WRONG_FOR_MS = 10_000
const WRONG_BY_MS = [10 * 60_000, 365 * 86_400_000, -86_400_000] as const

class Run {
  readonly #world: ModelWorld
  readonly #disruptions: Disruptions
  readonly #made = new GeneratedRecords()
  readonly #nextBody: () => Uint8Array
  readonly #small: () => Uint8Array
  /** Batches that threw; the host repeats them unchanged. */
  readonly #retries = new Map<string, { readonly batch: readonly Message[]; readonly count: number }>()
  #maxPendingAgeMs = 0
  #rowsInOutage = 0

  constructor({ seed, disruptions = ALL_DISRUPTIONS, inject, injectInStorage }: ModelRunOptions) {
    const injections = {
      ...(inject === undefined ? {} : { ingest: inject }),
      ...(injectInStorage === undefined ? {} : { storage: injectInStorage }),
    }
    this.#world = new ModelWorld(seed, injections, disruptions.lies ?? false)
    this.#disruptions = disruptions
    this.#nextBody = messageStream(this.#world.prng, this.#made)
    this.#small = smallMessages(this.#made)
  }

  async turn(): Promise<void> {
    const { prng, time } = this.#world
    time.advance(prng.below(1500))
    this.#changeConditions()
    await this.#corrupt()
    if (this.#disruptions.crashes && prng.chance(0.15))
      this.#world.crashAt = { step: prng.pick(FAILPOINTS), times: 1 + prng.below(3) }
    const roll = prng.random()
    if (roll < 0.3) this.#send(prng.pick(['0', '1']))
    else if (roll < 0.65) await this.#ingest(prng.below(2), prng.pick(['0', '1']), this.#disruptions.reruns)
    else if (roll < 0.85) await this.#answerBell(prng.below(2))
    else if (roll < 0.9) await this.#world.doing('sweep', prng.below(2), {}, (program) => program.sweep())
    else this.#disruption()
  }

  /** Ends all disruptions and lets the program finish; `false` if it does not. */
  async heal(): Promise<boolean> {
    const { conditions, sinks, time, hub, storage, defects } = this.#world
    conditions.failing = 0
    conditions.losing = 0
    conditions.lying = 0
    this.#world.crashAt = undefined
    this.#world.setClocksRight(0)
    for (const sink of sinks) sink.behaviour = 'up'
    for (let turn = 0; turn < HEALING_TURNS && defects.length < MAX_DEFECTS; turn++) {
      time.advance(1000)
      // Only later events can show whether a single refused event is at fault.
      if (turn % LULL_TURNS === LULL_TURNS - 1) for (const partition of hub.partitions) this.#send(partition)
      for (const partition of hub.partitions) await this.#ingest(0, partition, false)
      await this.#answerBell(0)
      if (turn % 20 === 0) await this.#world.doing('sweep', 0, {}, (program) => program.sweep())
      if (hub.isRead() && (await rowsLeft(storage.tables)) === 0) return true
    }
    return false
  }

  /** A sink is down until so many rows of one event each are pending, most of them in one partition. */
  async outage(messages: number): Promise<void> {
    const { hub, sinks, time, prng } = this.#world
    for (const sink of sinks) sink.behaviour = sink.name === 'webhook' ? 'down' : 'up'
    for (let i = 0; i < messages; i++) {
      const partition = prng.chance(0.1) ? '1' : '0'
      hub.send(partition, this.#small())
      time.advance(100)
      await this.#ingest(0, partition, false)
    }
    this.#rowsInOutage = await rowsLeft(this.#world.storage.tables)
  }

  result(seed: number, drained: boolean): ModelRun {
    const { hub, storage, sinks, kills, killedAfter, conditions, log, defects, recorder } = this.#world
    const lines = storage.archiveLines()
    const verdict = explainRun(verify(modelEvidence(this.#world, this.#made)), recorder.history(sinks, lines))
    const problems = [
      ...(drained ? [] : ['it did not settle everything']),
      ...defects.map((cause) => `a defect: ${cause}`),
      ...verdict.problems,
    ]
    return {
      ...verdict,
      problems,
      seed,
      sent: hub.sent.length,
      kills,
      killedAfter,
      faultsInjected: conditions.faults,
      answersLost: sinks.reduce((sum, sink) => sum + sink.answersLost(), 0),
      maxPendingAgeMs: this.#maxPendingAgeMs,
      rowsInOutage: this.#rowsInOutage,
      received: new Map(sinks.map(({ name, received }) => [name, received])),
      log,
    }
  }

  async #ingest(at: number, partition: string, mayRerun: boolean): Promise<void> {
    const { prng, hub, time, recorder } = this.#world
    const pending = this.#retries.get(partition)
    const batch = pending?.batch ?? hub.batch(partition, 1 + prng.below(8))
    if (batch.length === 0) return
    const count = pending?.count ?? 0
    const work = (program: Program) => program.ingest(batch, count)
    const what = `ingest ${partition}/${batch[0]?.position.sequenceNumber}+${batch.length}`
    const task = { partition }
    const from = time.moment()
    recorder.reads(at, batch)
    const both = mayRerun && prng.chance(0.05) ? this.#world.doing(what, 1 - at, task, work) : undefined
    const action = await this.#world.doing(what, at, task, work)
    await both
    if (both !== undefined) recorder.struck('in two hands', task, from)
    if (action === 'threw') this.#retries.set(partition, { batch, count: count + 1 })
    else this.#retries.delete(partition)
    const leaseLost = mayRerun && prng.chance(0.1)
    if (action === 'done' && !leaseLost) hub.checkpoint(batch)
  }

  async #answerBell(at: number): Promise<void> {
    const { storage, time } = this.#world
    const outboxPartition = storage.takeWakeUp(time.now())
    if (outboxPartition === undefined) return
    const what = `drain ${outboxPartition.sink}/${outboxPartition.partition}`
    const { partition, sink } = outboxPartition
    const action = await this.#world.doing(what, at, { partition, sink }, (program) =>
      program.redeliver(outboxPartition),
    )
    // A wake-up message comes back if its function failed; it stays invisible if the process died,
    // and the sweep then sends another.
    if (action === 'threw') await storage.ports.wakeUps.send(outboxPartition, COMES_BACK_MS)
    for (const { oldestTriedAt } of await storage.ports.outbox.pendingPartitions())
      this.#maxPendingAgeMs = Math.max(this.#maxPendingAgeMs, time.now() - oldestTriedAt)
  }

  #send(partition: string): void {
    const count = 1 + this.#world.prng.below(6)
    for (let i = 0; i < count; i++) this.#world.hub.send(partition, this.#nextBody())
    this.#world.log.push(`sent ${count} to ${partition}`)
  }

  #changeConditions(): void {
    const { sinks, conditions, prng } = this.#world
    for (const sink of sinks) if (prng.chance(0.08)) sink.behaviour = prng.pick(this.#disruptions.behaviours)
    if (!this.#disruptions.storage || !prng.chance(0.1)) return
    conditions.failing = prng.chance(0.5) ? 0 : 0.2
    conditions.losing = prng.chance(0.5) ? 0 : 0.1
    if (this.#disruptions.lies) conditions.lying = prng.chance(0.5) ? 0 : 0.2
  }

  /** Sets clocks wrong and right again, and writes unreadable rows. */
  async #corrupt(): Promise<void> {
    const { prng, storage, sinks, log, recorder } = this.#world
    this.#world.setClocksRight(WRONG_FOR_MS)
    if (this.#disruptions.clocks && prng.chance(0.1))
      this.#world.setClock(prng.below(2), prng.pick(WRONG_BY_MS))
    if (!this.#disruptions.garbage || !prng.chance(0.05)) return
    const outboxPartition = { ...STREAM, sink: prng.pick(sinks).name, partition: prng.pick(['0', '1']) }
    if (prng.chance(0.5)) log.push(await writeUnreadableRow(storage.tables, outboxPartition, prng))
    else {
      log.push(await writeUnreadableSettled(storage.tables, outboxPartition, prng))
      recorder.struck('garbage for settled ranges', { partition: outboxPartition.partition })
    }
  }

  #disruption(): void {
    const { prng, hub, time, log, recorder } = this.#world
    if (this.#disruptions.crashes && prng.chance(0.3)) {
      log.push('killed at rest')
      this.#world.restart(prng.below(2))
    } else if (this.#disruptions.reruns && prng.chance(0.3))
      this.#rewind(prng.pick(['0', '1']), 1 + prng.below(12))
    else if (this.#disruptions.recreation && hub.isRead() && this.#retries.size === 0) {
      log.push('hub re-created')
      hub.recreate()
      recorder.recreated()
    } else if (prng.chance(0.03)) {
      log.push('a long outage')
      time.advance(LONG_OUTAGE_MS)
    }
  }

  #rewind(partition: string, count: number): void {
    this.#retries.delete(partition)
    this.#world.hub.rewind(partition, count)
    this.#world.log.push(`checkpoint of ${partition} back by ${count}`)
  }
}

/** Disrupts the program, ends all disruptions, and verifies. The same seed gives the same run. */
export async function modelRun(options: ModelRunOptions): Promise<ModelRun> {
  const run = new Run(options)
  for (let turn = 0; turn < (options.turns ?? TURNS); turn++) await run.turn()
  if (options.messagesInOutage !== undefined) await run.outage(options.messagesInOutage)
  const drained = await run.heal()
  return run.result(options.seed, drained)
}
