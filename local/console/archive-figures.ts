import type { ArchiveLine } from '../../shared/archive/archive-line.ts'
import { isRiskEvent } from '../../shared/domain/exported-event.ts'
import type { Fault } from '../../shared/domain/fault.ts'
import { ArchivedEvents, type SinkFilters } from './archived-events.ts'
import { BoundedMap } from './bounded-map.ts'
import { KnownDetections } from './known-detections.ts'
import { KnownIdentities } from './known-identities.ts'
import { Newest } from './newest.ts'
import { faultyContent, newestEvent } from './newest-event.ts'
import { SeenPositions } from './seen-positions.ts'
import { type FaultGroup, type FaultyContent, type NewestEvent, SHOWN } from './stack-state.ts'

const MAX_RECENT_IDS = 10_000
const MAX_FAULT_GROUPS = 40

/**
 * What the archive holds, read line by line. What the exporter sends itself is counted
 * separately; a line holds a record or a whole message. Keeps each event's position, and bounded
 * content.
 */
export class ArchiveCounter {
  readonly archived: ArchivedEvents
  readonly identities = new KnownIdentities()
  readonly detections = new KnownDetections()
  readonly blobs = new Set<string>()
  messages = 0
  records = 0
  faults = 0
  lines = 0
  heartbeats = 0
  /** Events that the exporter sent itself, heartbeats included, and their messages. */
  own = 0
  ownMessages = 0
  lastHeartbeatAt: number | undefined

  readonly #positions = new SeenPositions()
  readonly #recentIds = new BoundedMap<string, true>(MAX_RECENT_IDS)
  readonly #newest = new Newest<NewestEvent>(SHOWN.newest)
  readonly #faulty = new Newest<FaultyContent>(SHOWN.faulty)
  readonly #faultGroups = new BoundedMap<string, FaultGroup>(MAX_FAULT_GROUPS)

  /** @param filters what the settings let through to each sink */
  constructor(filters: SinkFilters = new Map()) {
    this.archived = new ArchivedEvents(filters)
  }

  get events(): number {
    return this.archived.count
  }

  /** Adds the next line: per partition in the order of blobs and lines. */
  add(line: ArchiveLine): void {
    const skipped = line.kind === 'skipped'
    const isOwn = line.kind === 'event' && !isRiskEvent(line.event)
    if (isOwn) this.archived.pass(line)
    else {
      this.blobs.add(line.blob)
      if (!skipped) this.lines += 1
      if (line.kind === 'event') this.archived.add(line)
    }
    const lastSequenceNumber = skipped ? line.lastSequenceNumber : line.position.sequenceNumber
    const seen = this.#positions.take(line.position, skipped ? 0 : line.ordinal, lastSequenceNumber)
    if (seen === 'copy') return
    if (seen === 'newMessage') {
      this.messages += skipped ? line.messages : 1
      this.records += skipped ? line.records : line.of
    }
    if (isOwn) this.#addOwn(line)
    else if (line.kind === 'event') this.#addEvent(line)
    else if (!skipped) this.#addFault(line, line.fault)
  }

  /** By arrival, newest first. */
  newest(): readonly NewestEvent[] {
    return this.#newest.all()
  }

  faulty(): readonly FaultyContent[] {
    return this.#faulty.all()
  }

  /** Most frequent first. */
  faultGroups(): readonly FaultGroup[] {
    return this.#faultGroups
      .values()
      .toSorted((a, b) => b.count - a.count || (a.message < b.message ? -1 : 1))
  }

  #addOwn(line: Extract<ArchiveLine, { kind: 'event' }>): void {
    const { event } = line
    this.own += 1
    this.records -= 1
    if (line.ordinal === 0) {
      this.ownMessages += 1
      this.messages -= 1
    }
    if (event.kind === 'heartbeat') {
      this.heartbeats += 1
      this.lastHeartbeatAt = Math.max(this.lastHeartbeatAt ?? 0, event.lastUpdatedAt)
    }
    this.#addNewest(line)
  }

  #addEvent(line: Extract<ArchiveLine, { kind: 'event' }>): void {
    const { event, position, ordinal } = line
    this.#addNewest(line)
    if (!isRiskEvent(event)) return
    this.identities.add({ event, position, ordinal })
    if (event.kind === 'riskDetection') this.detections.add(event)
  }

  #addNewest(line: Extract<ArchiveLine, { kind: 'event' }>): void {
    const { eventId } = line.event
    this.#newest.add(newestEvent(line, this.#recentIds.get(eventId) ?? false))
    this.#recentIds.set(eventId, true)
  }

  #addFault(line: Extract<ArchiveLine, { kind: 'fault' | 'unsplit' }>, fault: Fault): void {
    this.faults += 1
    this.#faulty.add(faultyContent(line))
    const key = `${fault.code} ${fault.field ?? ''} ${fault.message}`
    const { code, message, field } = fault
    const count = (this.#faultGroups.get(key)?.count ?? 0) + 1
    this.#faultGroups.set(key, { code, message, count, ...(field === undefined ? {} : { field }) })
  }
}
