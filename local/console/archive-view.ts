import type { ArchiveLine } from '../../shared/archive/archive-line.ts'
import type { Fault } from '../../shared/domain/fault.ts'
import { BoundedMap } from './bounded-map.ts'
import { KnownDetections } from './known-detections.ts'
import { KnownIdentities } from './known-identities.ts'
import { Newest } from './newest.ts'
import { faultyContent, newestEvent } from './newest-event.ts'
import { SeenPositions } from './seen-positions.ts'
import { type FaultGroup, type FaultyContent, type NewestEvent, SHOWN } from './stack-state.ts'

const MAX_RECENT_IDS = 10_000
const MAX_FAULT_GROUPS = 40

/** What the archive says, read line by line, in bounded memory. */
export class ArchiveView {
  readonly identities = new KnownIdentities()
  readonly detections = new KnownDetections()
  messages = 0
  records = 0
  events = 0
  faults = 0
  lines = 0
  lastHeartbeatAt: number | undefined

  readonly #positions = new SeenPositions()
  readonly #recentIds = new BoundedMap<string, true>(MAX_RECENT_IDS)
  readonly #newest = new Newest<NewestEvent>(SHOWN.newest)
  readonly #faulty = new Newest<FaultyContent>(SHOWN.faulty)
  readonly #faultGroups = new BoundedMap<string, FaultGroup>(MAX_FAULT_GROUPS)

  /** Takes the next line. Lines of one partition must come in the order of their blobs and in those. */
  add(line: ArchiveLine): void {
    this.lines += 1
    const skipped = line.kind === 'skipped'
    const lastSequenceNumber = skipped ? line.lastSequenceNumber : line.position.sequenceNumber
    const place = this.#positions.take(line.position, skipped ? 0 : line.ordinal, lastSequenceNumber)
    if (place === 'copy') return
    if (place === 'newMessage') {
      this.messages += skipped ? line.messages : 1
      this.records += skipped ? line.records : line.of
    }
    if (line.kind === 'event') this.#addEvent(line)
    else if (!skipped) this.#addFault(line, line.fault)
  }

  /** By arrival, newest first. */
  newest(): readonly NewestEvent[] {
    return this.#newest.all()
  }

  faulty(): readonly FaultyContent[] {
    return this.#faulty.all()
  }

  /** The most frequent first. */
  faultGroups(): readonly FaultGroup[] {
    return this.#faultGroups
      .values()
      .toSorted((a, b) => b.count - a.count || (a.message < b.message ? -1 : 1))
  }

  #addEvent(line: Extract<ArchiveLine, { kind: 'event' }>): void {
    const { event, position, ordinal } = line.archived
    this.events += 1
    const seenBefore = this.#recentIds.get(event.eventId) ?? false
    this.#recentIds.set(event.eventId, true)
    this.#newest.add(newestEvent(line, seenBefore))
    if (event.kind === 'heartbeat') {
      this.lastHeartbeatAt = Math.max(this.lastHeartbeatAt ?? 0, event.lastUpdatedAt)
      return
    }
    this.identities.add({ event, position, ordinal })
    if (event.kind === 'riskDetection') this.detections.add(event)
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
