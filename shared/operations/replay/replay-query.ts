import type { ArchiveLine } from '../../archive/archive-line.ts'
import type { ReplayMode } from '../../delivery/outbox/outbox.ts'
import type { FlatEvent } from '../../domain/exported-event.ts'
import { flatEvent, parseEvent } from '../../domain/flat-event.ts'
import { type Rereader, renormalise } from '../../pipeline/redeliver/renormalise.ts'

/** Selects events to replay. */
export interface ReplayFilter {
  /** The operator's filter for the sink. */
  readonly accepts: (event: FlatEvent) => boolean
  /** Lower-case; empty: all. */
  readonly categories: readonly string[]
  /** Lower-case id or app id of an identity; absent: all. */
  readonly identity: string | undefined
}

/** Counts of archived records in a replay; each is in exactly one of the last three. */
export interface Selection {
  readonly records: number
  /** Events to deliver. */
  readonly matched: number
  /** Events not selected, and records of categories that are not exported. */
  readonly filtered: number
  /** Records that cannot be normalised or, as archived, could not be. */
  readonly faulty: number
}

export const EMPTY_SELECTION: Selection = { records: 0, matched: 0, filtered: 0, faulty: 0 }

const isAbout = (flat: FlatEvent, identity: string): boolean => {
  const event = parseEvent(flat)
  if (event.kind === 'heartbeat') return false
  const { id, appId } = event.identity
  return id.toLowerCase() === identity || appId?.toLowerCase() === identity
}

export const addSelections = (a: Selection, b: Selection): Selection => ({
  records: a.records + b.records,
  matched: a.matched + b.matched,
  filtered: a.filtered + b.filtered,
  faulty: a.faulty + b.faulty,
})

/** Whether the filter selects an event. */
export const isSelected = (event: FlatEvent, { accepts, categories, identity }: ReplayFilter): boolean =>
  accepts(event) &&
  (categories.length === 0 || categories.includes(event.category.toLowerCase())) &&
  (identity === undefined || isAbout(event, identity))

/** What a line of the archive contributes to a replay. */
export function selectLine(
  line: Exclude<ArchiveLine, { kind: 'skipped' }>,
  mode: ReplayMode,
  filter: ReplayFilter,
  rereader: Rereader,
): Selection {
  if (mode === 'asArchived') {
    const matched = line.kind === 'event' && isSelected(flatEvent(line.event), filter) ? 1 : 0
    const faulty = line.kind === 'event' ? 0 : 1
    return { records: 1, matched, filtered: 1 - matched - faulty, faulty }
  }
  const { events, faults, skipped } = renormalise([line], rereader)
  const matched = events.filter(({ event }) => isSelected(event, filter)).length
  return {
    records: events.length + faults.length + skipped,
    matched,
    filtered: events.length - matched + skipped,
    faulty: faults.length,
  }
}
