import { archiveWriter } from '../../../../shared/archive/writer.ts'
import type { Failpoint } from '../../../../shared/delivery/failpoint.ts'
import { DurabilityError } from '../../../../shared/domain/durability-error.ts'
import { type Prng, prng } from '../prng.ts'
import { type Durable, durable } from './durable.ts'
import { type Conditions, guardedPorts, type Life, life, never } from './guard.ts'
import { lyingContainer } from './lying-container.ts'
import { type ModelHub, modelHub } from './model-hub.ts'
import { type ModelSink, modelSink } from './model-sink.ts'
import { type ModelTime, modelTime } from './model-time.ts'
import { type Injection, type Program, type StorageInjection, startProgram } from './program.ts'
import { Recorder, type Task, type TaskScope } from './recorder.ts'

/** A process that runs the program. */
export interface Host {
  readonly self: Life
  readonly program: Program
  /** Its current task. */
  readonly task: Task
}

/** Defects injected in the program, to prove that the checks find them. */
export interface Injections {
  readonly ingest?: Injection
  readonly storage?: StorageInjection
}

/** Result of a host's work. */
export type WorkOutcome = 'done' | 'threw' | 'died'

const RIGHT = { aheadMs: 0, sinceMs: 0 }
const START = Date.UTC(2026, 2, 1, 8)

/**
 * Two hosts, two sinks, a hub with two partitions, and a storage; every process can die between any
 * two failpoints.
 */
export class ModelWorld {
  readonly prng: Prng
  readonly time: ModelTime
  readonly hub: ModelHub
  readonly storage: Durable
  readonly conditions: Conditions = { failing: 0, losing: 0, lying: 0, faults: 0 }
  readonly sinks: readonly [ModelSink, ModelSink]
  readonly recorder: Recorder
  /** What happened, turn by turn. */
  readonly log: string[] = []
  /** Failpoints after which processes were killed. */
  readonly killedAfter = new Set<Failpoint>()
  /** Errors thrown by the program that no outside condition explains. */
  readonly defects: string[] = []
  crashAt: { readonly step: Failpoint; times: number } | undefined
  kills = 0
  readonly #injections: Injections
  readonly #hosts: Host[]

  /** How far each machine's clock is ahead, and since when. */
  readonly #clocks = [RIGHT, RIGHT]

  /** @param lies whether the archive may claim to have what it did not store */
  constructor(seed: number, injections: Injections, lies: boolean) {
    this.#injections = injections
    this.prng = prng(seed)
    this.time = modelTime(START, () => this.prng.random())
    this.hub = modelHub(['0', '1'], () => this.time.now())
    const isLying = (): boolean => this.conditions.lying > 0 && this.prng.chance(this.conditions.lying)
    const lying = (blobs: Map<string, Buffer>) =>
      archiveWriter(lyingContainer(blobs, isLying), '0', this.time)
    this.storage = durable(() => this.time.now(), lies ? lying : undefined)
    this.recorder = new Recorder(this.time)
    this.sinks = [
      modelSink({ name: 'log-analytics', maxEvents: 5, refuses: isRefused(13) }, this.time, this.prng),
      modelSink({ name: 'webhook', maxEvents: 3, refuses: isRefused(17) }, this.time, this.prng),
    ]
    this.#hosts = [this.#startHost(0), this.#startHost(1)]
  }

  /**
   * Runs work on a host; if the host dies, another replaces it.
   * @param scope the events it works on
   */
  async doing(
    what: string,
    at: number,
    scope: TaskScope,
    work: (program: Program) => Promise<void>,
  ): Promise<WorkOutcome> {
    const host = this.#hosts[at]
    if (host === undefined) throw new Error('Unknown host.')
    this.recorder.begins(host.task, scope)
    const action = await Promise.race([
      work(host.program).then(
        () => 'done' as const,
        (error: unknown) => {
          if (!(error instanceof DurabilityError)) this.defects.push(String(error))
          return 'threw' as const
        },
      ),
      host.self.died,
    ])
    this.log.push(`host ${at} ${what}: ${action}`)
    if (action === 'died') this.restart(at)
    return action
  }

  /** Kills a host, if still alive, and starts another. */
  restart(at: number): void {
    this.kills++
    this.#hosts[at]?.self.die()
    this.#hosts[at] = this.#startHost(at)
  }

  /** Sets a machine's clock; times that its process remembers are then worthless. */
  setClock(at: number, aheadMs: number): void {
    if (this.#clocks[at]?.aheadMs === aheadMs) return
    this.#clocks[at] = { aheadMs, sinceMs: this.time.now() }
    const host = this.#hosts[at]
    if (host !== undefined) this.recorder.clockSet(host.task)
    this.log.push(`host ${at} has a clock ${aheadMs} ms ahead`)
  }

  /** Corrects clocks that have been wrong for this long. */
  setClocksRight(forMs: number): void {
    for (const [at, { aheadMs, sinceMs }] of this.#clocks.entries())
      if (aheadMs !== 0 && this.time.now() - sinceMs >= forMs) this.setClock(at, 0)
  }

  #startHost(at: number): Host {
    const self = life()
    const task = this.recorder.newTask()
    const now = (): number => this.time.now() + (this.#clocks[at]?.aheadMs ?? 0)
    const time = { ...this.time, now }
    const { storage = (ports) => ports, ingest } = this.#injections
    const ports = storage(this.recorder.watched(this.storage.portsAt(now), task, now), time, this.storage)
    const program = startProgram({
      storage: this.storage,
      ports: guardedPorts(ports, self, this.conditions, this.prng, (doing) =>
        this.recorder.storageFailed(doing, task),
      ),
      sinks: this.sinks.map((sink) => sink.sinkFor(self)),
      time,
      failpoint: (step) => this.#step(step, self, task),
      onIsolated: (cause) => this.defects.push(String(cause)),
      ...(ingest === undefined ? {} : { inject: ingest }),
    })
    return { self, program, task }
  }

  #step(step: Failpoint, self: Life, task: Task): Promise<void> | undefined {
    if (self.isDead()) return never()
    if (this.crashAt?.step !== step || --this.crashAt.times > 0) return undefined
    this.crashAt = undefined
    this.killedAfter.add(step)
    this.log.push(`killed after ${step}`)
    this.recorder.struck(`killed after ${step}`, task.scope)
    self.die()
    return never()
  }
}

/** The events that a sink always refuses: some, deterministically. */
const isRefused =
  (modulus: number) =>
  (eventId: string): boolean =>
    Number.parseInt(eventId.slice(0, 6), 16) % modulus === 0
