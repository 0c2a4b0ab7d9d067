import type { ArchiveLine } from '../../shared/archive/archive-line.ts'
import { readBlob } from '../../shared/archive/reader.ts'
import type { LeanContainer } from '../../shared/azure/lean-container.ts'
import { readIfThere } from '../../shared/azure/read-bytes.ts'
import { readReceipts } from '../../shared/delivery/receipts/newest-receipts.ts'
import type { LogContainers } from '../../shared/evidence/blob-log-store.ts'
import { readLogEnd } from '../../shared/evidence/read-log-end.ts'
import { blobNames, deadLetters, pendingPointers } from '../checks/once/collect.ts'
import { checkpoints } from '../checks/once/settled.ts'
import type { Stores } from '../checks/once/stores.ts'
import type { Pointer } from '../checks/verify/evidence.ts'
import type { StoredRequest } from '../emulators/http/stored-request.ts'
import type { Behaviour, Switches } from '../stack/behaviours.ts'
import { HUB } from '../stack/names.ts'
import type { Stack } from '../stack/stack.ts'
import { ArchiveCounter } from './archive-figures.ts'
import type { SinkFilters } from './archived-events.ts'
import { receiptArrivals, storedArrivals } from './arrivals.ts'
import { buildState } from './build-state.ts'
import { SealedBlobs } from './sealed-blobs.ts'
import { SinkCounter } from './sink-figures.ts'
import { SinkProgress } from './sink-progress.ts'
import type { LogState, SinkState, StackState } from './stack-state.ts'

/** After this long without an answer from storage, the figures are out of date. */
const LATE_MS = 10_000

interface Sink {
  readonly name: string
  readonly counter: SinkCounter
  readonly progress: SinkProgress
}

/** What host, outbox and dead letters say, for all sinks. */
interface Snapshot {
  readonly checkpoints: ReadonlyMap<string, number>
  readonly pending: readonly Pointer[]
  readonly deadLetters: readonly Pointer[]
}

export interface LiveStateOptions {
  readonly stack: Pick<Stack, 'hub'>
  /** The sinks, and what the settings let through to each. */
  readonly sinks: SinkFilters
  /** Sinks whose settings cannot be used, and why. */
  readonly problems: ReadonlyMap<string, readonly string[]>
  readonly stores: Stores
  readonly switches: Switches
  readonly startedAt: number
  readonly nowMs: () => number
}

/**
 * Keeps the page's figures consistent: reads each new archive blob once, and queries host, outbox
 * and dead letters.
 */
export class LiveState {
  readonly #options: LiveStateOptions
  readonly #archive: ArchiveCounter
  readonly #read = new Set<string>()
  readonly #sinks: readonly Sink[]
  #shown: StackState
  #shownAtMs = 0
  readonly #sealed = new SealedBlobs()
  #log: LogState | undefined
  /** Messages in the archive, and when that number last changed or was complete. */
  #archived = { messages: 0, atMs: 0 }

  constructor(options: LiveStateOptions) {
    this.#options = options
    this.#archive = new ArchiveCounter(options.sinks)
    this.#sinks = [...options.sinks.keys()].map((name) => ({
      name,
      counter: new SinkCounter(this.#archive.archived, name),
      progress: new SinkProgress(),
    }))
    this.#shown = this.#build({ checkpoints: new Map(), pending: [], deadLetters: [] })
  }

  /** Records that an emulated receiver has stored a request. */
  stored(sink: string, request: StoredRequest): void {
    this.#sinks.find(({ name }) => name === sink)?.counter.store(storedArrivals(request))
  }

  /**
   * Reads the stores once: host, archive, outbox, dead letters, receivers. An event only moves on
   * in this order, so none is missed on its way.
   */
  async refresh(): Promise<void> {
    const { stores } = this.#options
    try {
      const reached = await checkpoints(stores.checkpoints)
      await this.#readArchive(stores.archive)
      await this.#readLog({ log: stores.log, fixed: stores.fixedLog })
      const pending = await pendingPointers(stores.outbox)
      const dead = await deadLetters(stores.deadLetters)
      await this.#readReceipts(stores.receipts)
      this.#shown = this.#build({ checkpoints: reached, pending, deadLetters: dead })
    } catch (error) {
      const problem = error instanceof Error ? error.message.split('\n', 1)[0] : 'no reason given'
      this.#shown = { ...this.#shown, problem }
      throw error
    }
  }

  state(): StackState {
    const { switches, nowMs } = this.#options
    const ageMs = nowMs() - this.#shownAtMs
    const late = ageMs > LATE_MS ? `no answer from the storage for ${Math.round(ageMs / 1000)} s` : undefined
    return {
      ...this.#shown,
      problem: this.#shown.problem ?? late,
      sinks: this.#shown.sinks.map((sink) => withBehaviour(sink, switches.behaviour(sink.name))),
    }
  }

  #build(snapshot: Snapshot): StackState {
    const { stack, startedAt, nowMs } = this.#options
    const now = nowMs()
    const hubMessages = stack.hub
      .partitionState(HUB)
      .reduce((sum, { lastSequenceNumber }) => sum + lastSequenceNumber + 1, 0)
    const archived = this.#archive.messages + this.#archive.ownMessages
    if (archived !== this.#archived.messages || archived === hubMessages)
      this.#archived = { messages: archived, atMs: now }
    this.#shownAtMs = now
    return buildState({
      archive: this.#archive,
      log: this.#log,
      unsealed: this.#sealed.unsealed,
      hubMessages,
      unreadForMs: now - this.#archived.atMs,
      sinks: this.#sinks.map((sink) => this.#sinkState(sink, snapshot, now)),
      startedAt,
      connectionString: stack.hub.connectionString(HUB),
      hub: HUB,
    })
  }

  #sinkState({ name, counter, progress }: Sink, snapshot: Snapshot, nowMs: number): SinkState {
    const mine = (pointers: readonly Pointer[]) => pointers.filter(({ sink }) => sink === name)
    const pending = mine(snapshot.pending)
    const figures = counter.figures({
      checkpoints: snapshot.checkpoints,
      pending,
      deadLetters: mine(snapshot.deadLetters),
    })
    const latencyMs = counter.latency.percentiles()
    const behaviour = this.#options.switches.behaviour(name)
    const [problem] = this.#options.problems.get(name) ?? []
    const shown = { name, ...figures, ...(latencyMs === undefined ? {} : { latencyMs }) }
    return problem === undefined
      ? { ...shown, state: progress.state(figures.received, pending.length > 0, behaviour, nowMs) }
      : { ...shown, state: 'down', problem }
  }

  async #readArchive(container: LeanContainer): Promise<void> {
    for (const name of await blobNames(container)) {
      if (this.#read.has(name)) continue
      // Read completely before any of it counts: a failed read is repeated.
      const lines: ArchiveLine[] = []
      for await (const line of readBlob(container, name)) lines.push(line)
      for (const line of lines) this.#archive.add(line)
      this.#read.add(name)
      this.#sealed.archived(name)
    }
  }

  async #readLog(containers: LogContainers): Promise<void> {
    const end = await readLogEnd(containers)
    if (end === undefined) return
    const { size, root, keyId, writtenAt } = end
    if (size === this.#log?.size) return
    const read = async (name: string) => (await readIfThere(containers.log, name))?.content
    await this.#sealed.follow({ read }, size)
    const signed = keyId === undefined ? {} : { keyId }
    this.#log = { size, root: root.toString('base64'), sealedAt: writtenAt, ...signed }
  }

  /** For sinks with the operator's own receiver, nothing else says what was delivered. */
  async #readReceipts(container: LeanContainer): Promise<void> {
    const own = this.#sinks.filter(({ name }) => this.#options.switches.behaviour(name) === undefined)
    if (own.length === 0) return
    for (const name of await blobNames(container)) {
      if (this.#read.has(name)) continue
      for (const receipt of await readReceipts(container, name))
        own.find((sink) => sink.name === receipt.sink)?.counter.store(receiptArrivals(receipt))
      this.#read.add(name)
    }
  }
}

const withBehaviour = (sink: SinkState, behaviour: Behaviour | undefined): SinkState =>
  behaviour === undefined ? sink : { ...sink, behaviour }
