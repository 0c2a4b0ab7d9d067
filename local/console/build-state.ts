import type { ArchiveView } from './archive-view.ts'
import { isOpen } from './risk-level.ts'
import { SHOWN, type SinkState, type StackState } from './stack-state.ts'
import { seriesOf, timelineOf } from './timeline.ts'

/** Where the page's figures come from: the archive, the receivers, and the stack itself. */
export interface StateSources {
  readonly archive: ArchiveView
  /** Blobs in the archive. */
  readonly blobs: number
  readonly sinks: readonly SinkState[]
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly connectionString: string
  readonly hub: string
}

/** Puts together what the page shows. Asks nobody, changes nothing. */
export function buildState({
  archive,
  blobs,
  sinks,
  startedAt,
  connectionString,
  hub,
}: StateSources): StackState {
  const { messages, records, events, faults, lines, lastHeartbeatAt } = archive
  const identities = archive.identities.states()
  const detections = archive.detections.all()
  const timeline = timelineOf(detections.map((d) => d.atMs))
  return {
    startedAt,
    connectionString,
    hub,
    messages,
    records,
    events,
    faults,
    skipped: records - events - faults,
    archive: { blobs, lines },
    sinks,
    identities: identities.slice(0, SHOWN.identities),
    identitiesTotal: identities.length,
    identitiesOpen: identities.filter((i) => isOpen(i.riskState)).length,
    timeline,
    detections: timeline === undefined ? [] : seriesOf(detections, timeline).slice(0, SHOWN.detectionTypes),
    detectionsTotal: detections.length,
    newest: archive.newest(),
    faulty: archive.faulty(),
    faultGroups: archive.faultGroups(),
    lastHeartbeatAt,
  }
}
