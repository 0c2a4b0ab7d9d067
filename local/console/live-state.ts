import type { ArchiveLine } from '../../shared/archive/archive-line.ts'
import { readBlob } from '../../shared/archive/reader.ts'
import type { SinkTally } from '../../shared/domain/tally.ts'
import { blobNames, deadLetters, pendingPointers } from '../checks/once/collect.ts'
import type { Stores } from '../checks/once/stores.ts'
import { pointerTo } from '../checks/verify/archive-line.ts'
import { HUB } from '../stack/names.ts'
import { ArchiveView } from './archive-view.ts'
import { buildState } from './build-state.ts'
import type { Receiver } from './receiver.ts'
import { SinkOutcomes } from './sink-outcomes.ts'
import type { SinkState, StackState } from './stack-state.ts'

/** The hub, as far as the page asks it. */
export interface CountedHub {
  connectionString(hub: string): string
  partitionState(hub: string): readonly { readonly lastSequenceNumber: number }[]
}

export interface LiveSources {
  readonly hub: CountedHub
  readonly stores: Pick<Stores, 'archive' | 'deadLetters' | 'outbox'>
  readonly receivers: readonly Receiver[]
  /** What the program itself says of a sink; asked for those whose receiver is not of this stack. */
  readonly toldOf: (sink: string) => Promise<SinkTally>
  readonly nowMs: () => number
}

/** A receiver that took something so lately is not down, whatever is pending. */
const TAKES_WITHIN_MS = 10_000

const NOTHING = { delivered: 0, pending: 0, deadLettered: 0, duplicate: 0, filtered: 0 }

/** Keeps the page's figures: reads each new archive blob once, and looks for each of its events at the receivers, the outbox and the dead letters. */
export class LiveState {
  readonly #sources: LiveSources
  readonly #startedAt: number
  readonly #archive = new ArchiveView()
  readonly #read = new Set<string>()
  readonly #outcomes: ReadonlyMap<string, SinkOutcomes>
  #sinks: readonly SinkState[] = []
  /** When a message was read last, or none was left to be read. */
  #readingSince: { readonly messages: number; readonly atMs: number }

  constructor(sources: LiveSources) {
    this.#sources = sources
    this.#startedAt = sources.nowMs()
    this.#readingSince = { messages: 0, atMs: this.#startedAt }
    this.#outcomes = new Map(sources.receivers.map(({ sink }) => [sink, new SinkOutcomes()]))
  }

  /** Looks at the stores once. */
  async refresh(): Promise<void> {
    const { stores, receivers, nowMs } = this.#sources
    await this.#readArchive()
    const pending = pointersBySink(await pendingPointers(stores.outbox))
    const dead = pointersBySink(await deadLetters(stores.deadLetters))
    this.#sinks = await Promise.all(
      receivers.map((receiver) =>
        this.#look(receiver, pending.get(receiver.sink) ?? new Set(), dead.get(receiver.sink) ?? new Set()),
      ),
    )
    if (this.#archive.messages > this.#readingSince.messages || this.#archive.messages >= this.#onHub)
      this.#readingSince = { messages: this.#archive.messages, atMs: nowMs() }
  }

  state(): StackState {
    const { hub, nowMs } = this.#sources
    return buildState({
      archive: this.#archive,
      blobs: this.#read.size,
      sinks: this.#sinks,
      messages: this.#onHub,
      unreadForMs: nowMs() - this.#readingSince.atMs,
      startedAt: this.#startedAt,
      connectionString: hub.connectionString(HUB),
      hub: HUB,
    })
  }

  get #onHub(): number {
    return this.#sources.hub.partitionState(HUB).reduce((sum, p) => sum + p.lastSequenceNumber + 1, 0)
  }

  async #look(
    { sink, behaviour, evidence }: Receiver,
    pending: ReadonlySet<string>,
    deadLettered: ReadonlySet<string>,
  ): Promise<SinkState> {
    const nowMs = this.#sources.nowMs()
    if (evidence === undefined) return this.#told(sink, pending.size, deadLettered.size)
    const { arrived } = evidence
    const counts = this.#outcomes.get(sink)?.look({ ...evidence, pending, deadLettered }, nowMs)
    const takes = nowMs - (arrived.lastAtMs ?? 0) < TAKES_WITHIN_MS
    return {
      ...NOTHING,
      onTheWay: 0,
      missing: 0,
      ...counts,
      name: sink,
      state: pending.size === 0 ? 'up' : takes ? 'catchingUp' : 'down',
      ...(behaviour === undefined ? {} : { behaviour: behaviour() }),
    }
  }

  /** A receiver that is not ours cannot be asked: of it the program's receipts tell. */
  async #told(sink: string, pending: number, deadLettered: number): Promise<SinkState> {
    const { delivered, duplicate, filtered } = await this.#sources.toldOf(sink)
    const ended = { delivered, pending, deadLettered, duplicate, filtered }
    const onTheWay = this.#archive.events - Object.values(ended).reduce((sum, n) => sum + n, 0)
    const state = pending === 0 ? 'up' : 'down'
    return { ...ended, name: sink, onTheWay: Math.max(0, onTheWay), missing: 0, state }
  }

  async #readArchive(): Promise<void> {
    const { stores, nowMs } = this.#sources
    for (const name of await blobNames(stores.archive)) {
      if (this.#read.has(name)) continue
      // Read whole before any of it counts: a read that fails is made again.
      const lines: ArchiveLine[] = []
      for await (const line of readBlob(stores.archive, name)) lines.push(line)
      for (const line of lines) {
        const event = this.#archive.add(line)
        if (event === undefined) continue
        for (const outcomes of this.#outcomes.values()) outcomes.add(event, nowMs())
      }
      this.#read.add(name)
    }
  }
}

function pointersBySink(
  pointers: readonly { readonly sink: string | undefined; readonly blob: string; readonly line: number }[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const bySink = new Map<string, Set<string>>()
  for (const { sink, blob, line } of pointers) {
    if (sink === undefined) continue
    const own = bySink.get(sink) ?? new Set()
    bySink.set(sink, own.add(pointerTo(blob, line)))
  }
  return bySink
}
