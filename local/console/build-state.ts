import type { ArchiveCounter } from './archive-figures.ts'
import { isOpen } from './risk-level.ts'
import { type LogState, SHOWN, type SinkState, type StackState } from './stack-state.ts'
import { seriesOf, timelineOf } from './timeline.ts'

/** Sources of the page's figures: archive, receivers and the stack itself. */
export interface StateSources {
  readonly archive: ArchiveCounter
  readonly log?: LogState | undefined
  /** Archive blobs that the log does not have yet. */
  readonly unsealed?: number
  /** Messages on the hub, by its own count. */
  readonly hubMessages: number
  readonly unreadForMs: number
  readonly problem?: string | undefined
  readonly sinks: readonly SinkState[]
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly connectionString: string
  readonly hub: string
}

/** Builds what the page shows. Pure. */
export function buildState({
  archive,
  log,
  unsealed = 0,
  hubMessages,
  unreadForMs,
  problem,
  sinks,
  startedAt,
  connectionString,
  hub,
}: StateSources): StackState {
  const { records, events, faults, lines, blobs, own, heartbeats, lastHeartbeatAt } = archive
  const messages = hubMessages - archive.ownMessages
  const identities = archive.identities.states()
  const detections = archive.detections.all()
  const timeline = timelineOf(detections.map((d) => d.atMs))
  return {
    startedAt,
    connectionString,
    hub,
    messages,
    unread: messages - archive.messages,
    unreadForMs,
    own,
    heartbeats,
    problem,
    records,
    events,
    faults,
    skipped: records - events - faults,
    archive: { blobs: blobs.size, lines, unsealed },
    log,
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
