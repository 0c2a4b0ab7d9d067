import type { ContainerClient } from '@azure/storage-blob'
import type { ArchiveLine } from '../../shared/archive/archive-line.ts'
import { readBlob } from '../../shared/archive/reader.ts'
import { blobNames, deadLetters, pendingPointers } from '../checks/once/collect.ts'
import type { Stores } from '../checks/once/stores.ts'
import { HUB } from '../stack/names.ts'
import type { Stack } from '../stack/stack.ts'
import { ArchiveView } from './archive-view.ts'
import { buildState } from './build-state.ts'
import type { Latency } from './latency.ts'
import type { SinkState, StackState } from './stack-state.ts'

/** Keeps the page's figures: reads each new archive blob once, and asks receivers, ledger and dead letters for their counts. */
export class LiveState {
  readonly #stack: Stack
  readonly #stores: Stores
  readonly #latency: ReadonlyMap<string, Latency>
  readonly #startedAt: number
  readonly #archive = new ArchiveView()
  readonly #read = new Set<string>()
  #pending: ReadonlyMap<string, number> = new Map()
  #dead: ReadonlyMap<string, number> = new Map()

  constructor(stack: Stack, stores: Stores, latency: ReadonlyMap<string, Latency>, startedAt: number) {
    this.#stack = stack
    this.#stores = stores
    this.#latency = latency
    this.#startedAt = startedAt
  }

  /** Looks at the stores once. */
  async refresh(): Promise<void> {
    await this.#readArchive(this.#stores.archive)
    this.#pending = countBySink(await pendingPointers(this.#stores.outbox))
    this.#dead = countBySink(await deadLetters(this.#stores.deadLetters))
  }

  state(): StackState {
    const { ingestion, siem, hub } = this.#stack
    return buildState({
      archive: this.#archive,
      blobs: this.#read.size,
      sinks: [
        this.#sink('log-analytics', ingestion.received(), ingestion.eventIds().size),
        this.#sink('webhook', siem.received(), siem.eventIds().size),
      ],
      startedAt: this.#startedAt,
      connectionString: hub.connectionString(HUB),
      hub: HUB,
    })
  }

  /** Delivered and duplicate as seen from outside: an event that is neither pending nor dead-lettered has arrived, or was one that had. */
  #sink(name: string, received: number, distinct: number): SinkState {
    const pending = this.#pending.get(name) ?? 0
    const deadLettered = this.#dead.get(name) ?? 0
    const ended = Math.max(0, this.#archive.events - pending - deadLettered)
    const delivered = Math.min(ended, distinct)
    const percentiles = this.#latency.get(name)?.percentiles()
    return {
      name,
      delivered,
      pending,
      deadLettered,
      duplicate: ended - delivered,
      filtered: 0,
      received,
      state: pending > 0 ? 'down' : 'up',
      ...(percentiles === undefined ? {} : { latencyMs: percentiles }),
    }
  }

  async #readArchive(container: ContainerClient): Promise<void> {
    for (const name of await blobNames(container)) {
      if (this.#read.has(name)) continue
      // Read whole before any of it counts: a read that fails is made again.
      const lines: ArchiveLine[] = []
      for await (const line of readBlob(container, name)) lines.push(line)
      for (const line of lines) this.#archive.add(line)
      this.#read.add(name)
    }
  }
}

function countBySink(
  pointers: readonly { readonly sink: string | undefined }[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { sink } of pointers) if (sink !== undefined) counts.set(sink, (counts.get(sink) ?? 0) + 1)
  return counts
}
