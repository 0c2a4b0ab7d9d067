import { type Instant, instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { RISK_DETAILS } from '../../domain/risk-details.ts'
import type { Identity, RiskDetection, RiskEvent, RiskyIdentity } from '../../domain/risk-event.ts'
import { isJsonObject, type Json } from '../../encoding/json.ts'
import type { ReportEvents } from './read-report.ts'

/** One column of a report. */
export interface ReportColumn {
  /** As the portal's report names it, where that has it. */
  readonly name: string
  /** Member of a row in JSON. */
  readonly key: string
  /** Whether a terminal shows it; files have every column. */
  readonly isMain: boolean
}

/** A report as texts, in Microsoft's own values; absent ones are empty. */
export interface ReportRows {
  readonly title: string
  readonly columns: readonly ReportColumn[]
  readonly rows: readonly (readonly string[])[]
}

type Column<E> = ReportColumn & { readonly of: (event: E) => string | undefined }

const column =
  (isMain: boolean) =>
  <E>(name: string, key: string, of: (event: E) => string | undefined): Column<E> => ({
    name,
    key,
    isMain,
    of,
  })
const main = column(true)
const more = column(false)

const time = (at: Instant | undefined): string | undefined =>
  at === undefined ? undefined : isoInstant(instant(at))
const flag = (value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : value ? 'Yes' : 'No'

const typeOf = ({ type, subtype }: Identity): string =>
  subtype ?? (type === 'agent' ? 'Agent' : 'Service principal')

/** A place for people: town, state, country; or the text that was sent. */
export function placeOf(location: Json | undefined): string | undefined {
  if (!isJsonObject(location ?? null)) return typeof location === 'string' ? location : undefined
  const { city, state, countryOrRegion } = location as Readonly<Record<string, Json>>
  return [city, state, countryOrRegion]
    .flatMap((part) => (typeof part === 'string' && part !== '' ? [part] : []))
    .join(', ')
}

const RISKY: readonly Column<RiskyIdentity>[] = [
  main('Display name', 'displayName', (e) => e.identity.displayName),
  main('Application ID', 'applicationId', (e) => e.identity.appId),
  main('Risk state', 'riskState', (e) => e.risk.state),
  main('Risk level', 'riskLevel', (e) => e.risk.level),
  main('Risk last updated', 'riskLastUpdated', (e) => time(e.lastUpdatedAt)),
  main('Type', 'type', (e) => typeOf(e.identity)),
  more('Risk detail', 'riskDetail', (e) => e.risk.detail),
  more('Object ID', 'objectId', (e) => e.identity.id),
  more('Blueprint ID', 'blueprintId', (e) => e.identity.blueprintId),
  more('Account enabled', 'accountEnabled', (e) => flag(e.identity.enabled)),
  more('Deleted', 'deleted', (e) => flag(e.identity.deleted)),
  more('Processing', 'processing', (e) => flag(e.processing)),
]

const DETECTIONS: readonly Column<RiskDetection>[] = [
  main('Detection type', 'detectionType', (e) => e.detection?.name ?? e.risk.eventType),
  main('Risk level', 'riskLevel', (e) => e.risk.level),
  main('Risk state', 'riskState', (e) => e.risk.state),
  main('Detection time', 'detectionTime', (e) => time(e.detectedAt)),
  main('Activity time', 'activityTime', (e) => time(e.activityAt)),
  main('Service principal', 'servicePrincipal', (e) => e.identity.displayName ?? e.identity.id),
  main('IP address', 'ipAddress', (e) => e.ipAddress),
  main('Location', 'location', (e) => placeOf(e.location)),
  more('Risk event type', 'riskEventType', (e) => e.risk.eventType),
  more('Risk detail', 'riskDetail', (e) => e.risk.detail),
  more('Detection last updated', 'detectionLastUpdated', (e) => time(e.lastUpdatedAt)),
  more('Type', 'type', (e) => typeOf(e.identity)),
  more('Object ID', 'objectId', (e) => e.identity.id),
  more('Application ID', 'applicationId', (e) => e.identity.appId),
  more('Blueprint ID', 'blueprintId', (e) => e.identity.blueprintId),
  more('Key IDs', 'keyIds', (e) => e.keyIds.join(' ')),
  more('Evidence', 'evidence', (e) => e.evidence),
  more('ATT&CK techniques', 'attackTechniques', (e) => e.attack?.techniques.join(' ')),
  more('Source', 'source', (e) => e.source),
  more('Detection timing', 'detectionTiming', (e) => e.timingType),
  more('Activity', 'activity', (e) => e.activity),
  more('Request ID', 'requestId', (e) => e.requestId ?? e.signInRequestId),
  more('Correlation ID', 'correlationId', (e) => e.correlationId ?? e.signInCorrelationId),
  more('Session ID', 'sessionId', (e) => e.clientSessionId),
  more('Detection ID', 'detectionId', (e) => e.detectionId),
]

const rowsOf = <E extends RiskEvent>(
  title: string,
  columns: readonly Column<E>[],
  events: readonly E[],
): ReportRows => ({
  title,
  columns,
  rows: events.map((event) => columns.map(({ of }) => of(event) ?? '')),
})

/** A cell for people: with the risk detail in words, where they are known. */
export const shownText = ({ key }: ReportColumn, text: string): string =>
  key === 'riskDetail' ? (RISK_DETAILS.get(text) ?? text) : text

/** A report in the columns of the portal's, and those that the portal only shows on a click. */
export const reportRows = (report: ReportEvents): ReportRows =>
  report.report === 'risky'
    ? rowsOf('Risky workload identities', RISKY, report.events)
    : rowsOf('Workload identity detections', DETECTIONS, report.events)
