import type { ArchiveContainer } from '../../archive/archive-container.ts'
import type { ArchiveLine } from '../../archive/archive-line.ts'
import { blobsBetween } from '../../archive/list-blobs.ts'
import { isRiskEvent } from '../../domain/exported-event.ts'
import type { Instant } from '../../domain/identifiers.ts'
import type { RiskDetection, RiskEvent, RiskyIdentity } from '../../domain/risk-event.ts'
import type { UnreadCollection } from '../../graph/reconcile-report.ts'
import type { ReadBlob } from '../readable-lines.ts'
import { type PositionedEvent, Versions } from './versions.ts'

/** The reports that the portal has of workload identities. */
export const REPORTS = ['risky', 'detections'] as const
export type ReportName = (typeof REPORTS)[number]

export interface ReportQuery {
  /** Enqueued time, in Graph last update; `from` inclusive, `to` exclusive. */
  readonly from: Instant
  readonly to: Instant
}

/** Workload identities at their latest state, or detections at their latest version. */
export type ReportEvents =
  | { readonly report: 'risky'; readonly events: readonly RiskyIdentity[] }
  | { readonly report: 'detections'; readonly events: readonly RiskDetection[] }

/** Where a report was read, and how much of it. */
export type ReportSource =
  | { readonly kind: 'archive'; readonly blobs: number }
  | { readonly kind: 'graph'; readonly unread: readonly UnreadCollection[] }

export type Report = ReportEvents &
  ReportQuery & {
    readonly source: ReportSource
    /** Whether there are more than a report holds: the rest are left out. */
    readonly more: boolean
  }

/** Far more than a person reads, and than the portal's reports hold. */
export const MAX_REPORT_ROWS = 50_000

/** The event of a line that belongs in a report: none about people. */
function reported(line: ArchiveLine, { from, to }: ReportQuery): PositionedEvent<RiskEvent> | undefined {
  if (line.kind !== 'event' || !isRiskEvent(line.event)) return undefined
  const { event, position, ordinal } = line
  const { enqueuedAt } = position
  return event.identity.type === 'user' || enqueuedAt < from || enqueuedAt >= to
    ? undefined
    : { event, position, ordinal }
}

/**
 * Reads a report from the archive: what its records of a time range say last of each identity, or
 * of each detection. Newest first. Updates may leave out what has not changed: names, ids, times and
 * places come from the latest record that says them.
 * @param onBlob how many archive blobs have been read
 */
export async function readReport(
  archive: ArchiveContainer,
  report: ReportName,
  query: ReportQuery,
  onBlob: (blobs: number) => void,
  readBlob: ReadBlob,
  maxRows = MAX_REPORT_ROWS,
): Promise<Report> {
  const identities = new Versions<RiskyIdentity>(maxRows)
  const detections = new Versions<RiskDetection>(maxRows)
  let blobs = 0
  for await (const { name } of blobsBetween(archive, query.from, query.to)) {
    for await (const line of readBlob(archive, name)) {
      const found = reported(line, query)
      if (found === undefined) continue
      const { event, ...place } = found
      if (event.kind === 'riskyIdentity') {
        if (report === 'risky')
          identities.add(`${event.identity.type} ${event.identity.id}`, { event, ...place })
      } else if (report === 'detections') {
        detections.add(`${event.identity.type} ${event.detectionId}`, { event, ...place })
      }
    }
    onBlob(++blobs)
  }
  const { from, to } = query
  const source = { kind: 'archive', blobs } as const
  return report === 'risky'
    ? { report, from, to, source, more: identities.more, events: identities.newestFirst() }
    : { report, from, to, source, more: detections.more, events: detections.newestFirst() }
}
