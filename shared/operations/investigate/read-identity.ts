import type { ArchiveContainer } from '../../archive/archive-container.ts'
import type { ArchiveLine } from '../../archive/archive-line.ts'
import { blobsBetween } from '../../archive/list-blobs.ts'
import type { Instant } from '../../domain/identifiers.ts'
import { compareEvents } from '../../domain/latest.ts'
import type { ReadBlob } from '../readable-lines.ts'
import { type Candidate, Candidates } from './candidates.ts'
import { type Investigation, investigationOf, type PlacedIdentityEvent } from './investigation.ts'

export interface IdentityQuery {
  /** Object id, application id or display name. */
  readonly wanted: string
  /** Enqueued time; `from` inclusive, `to` exclusive. */
  readonly from: Instant
  readonly to: Instant
}

/** What the archive has under a word. */
export type IdentityReading = { readonly blobs: number } & (
  | {
      readonly status: 'found'
      readonly investigation: Investigation
      /** Whether there are more events than are read: the oldest are left out. */
      readonly more: boolean
    }
  | { readonly status: 'ambiguous'; readonly candidates: readonly Candidate[] }
  /** With those that may be meant. */
  | { readonly status: 'notFound'; readonly candidates: readonly Candidate[] }
)

/** Far more than an identity has in a year. */
const MAX_EVENTS = 10_000

function eventOf(line: ArchiveLine, { from, to }: IdentityQuery): PlacedIdentityEvent | undefined {
  if (line.kind !== 'event' || line.event.kind === 'heartbeat') return undefined
  const { event, position, ordinal } = line
  const { enqueuedAt } = position
  return event.identity.type === 'user' || enqueuedAt < from || enqueuedAt >= to
    ? undefined
    : { event, position, ordinal }
}

/** Keeps the newest of the events it is given. */
class NewestEvents {
  #events: PlacedIdentityEvent[] = []
  more = false

  add(placed: PlacedIdentityEvent): void {
    this.#events.push(placed)
    if (this.#events.length <= 2 * MAX_EVENTS) return
    this.#events = this.all.slice(-MAX_EVENTS)
    this.more = true
  }

  get all(): PlacedIdentityEvent[] {
    return this.#events.toSorted(compareEvents)
  }
}

/**
 * Reads all that the archive has about a workload identity. An update may name it by its object id
 * only, so a search by another word reads the archive twice.
 * @param onBlob how many archive blobs have been read
 */
export async function readIdentity(
  archive: ArchiveContainer,
  query: IdentityQuery,
  onBlob: (blobs: number) => void,
  readBlob: ReadBlob,
): Promise<IdentityReading> {
  const wanted = query.wanted.toLowerCase()
  let blobs = 0

  async function collect(id: string, candidates?: Candidates): Promise<NewestEvents> {
    const found = new NewestEvents()
    for await (const { name } of blobsBetween(archive, query.from, query.to)) {
      for await (const line of readBlob(archive, name)) {
        const placed = eventOf(line, query)
        if (placed === undefined) continue
        candidates?.add(placed.event)
        if (placed.event.identity.id.toLowerCase() === id) found.add(placed)
      }
      onBlob(++blobs)
    }
    return found
  }

  const candidates = new Candidates(wanted)
  const byId = await collect(wanted, candidates)
  const [one, ...others] = candidates.meant
  if (one === undefined) return { status: 'notFound', candidates: candidates.near, blobs }
  if (others.length > 0) return { status: 'ambiguous', candidates: candidates.meant, blobs }
  const id = one.identity.id.toLowerCase()
  const { all, more } = id === wanted ? byId : await collect(id)
  return { status: 'found', investigation: investigationOf(one.identity.id, all), more, blobs }
}
