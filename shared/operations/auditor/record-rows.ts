import { type Instant, instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import type { RiskDetection } from '../../domain/risk-event.ts'
import { digest } from '../../encoding/digest.ts'
import { placeOf } from '../report/report-rows.ts'
import type { RecordLine } from '../trace/newest-records.ts'

const time = (at: Instant | undefined): string | undefined =>
  at === undefined ? undefined : isoInstant(instant(at))

const eventOf = (line: RecordLine) => (line.kind === 'event' ? line.event : undefined)
const identityOf = (line: RecordLine) => {
  const event = eventOf(line)
  return event === undefined || event.kind === 'heartbeat' ? undefined : event.identity
}
const riskOf = (line: RecordLine) => {
  const event = eventOf(line)
  return event === undefined || event.kind === 'heartbeat' ? undefined : event.risk
}
const detectionOf = (line: RecordLine): RiskDetection | undefined => {
  const event = eventOf(line)
  return event?.kind === 'riskDetection' ? event : undefined
}

/** Exact bytes of the record; of a message that could not be split, those of the message. */
export const exactBytes = (line: RecordLine): Uint8Array =>
  line.kind === 'unsplit' ? line.body : line.record

const COLUMNS: readonly (readonly [name: string, of: (line: RecordLine) => string | undefined])[] = [
  ['Enqueued', ({ position }) => isoInstant(position.enqueuedAt)],
  ['Category', (line) => (line.kind === 'unsplit' ? undefined : line.category)],
  ['Kind', (line) => eventOf(line)?.kind],
  ['Event ID', (line) => eventOf(line)?.eventId],
  ['Identity type', (line) => identityOf(line)?.type],
  ['Display name', (line) => identityOf(line)?.displayName],
  ['Object ID', (line) => identityOf(line)?.id],
  ['Application ID', (line) => identityOf(line)?.appId],
  ['Risk level', (line) => riskOf(line)?.level],
  ['Risk state', (line) => riskOf(line)?.state],
  ['Risk detail', (line) => riskOf(line)?.detail],
  ['Risk event type', (line) => riskOf(line)?.eventType],
  ['Detection ID', (line) => detectionOf(line)?.detectionId],
  ['Activity time', (line) => time(detectionOf(line)?.activityAt)],
  ['Detection time', (line) => time(detectionOf(line)?.detectedAt)],
  ['Last updated', (line) => time(eventOf(line)?.lastUpdatedAt)],
  ['IP address', (line) => detectionOf(line)?.ipAddress],
  ['Location', (line) => placeOf(detectionOf(line)?.location)],
  ['Fault', (line) => (line.kind === 'event' ? undefined : line.fault.code)],
  ['Sent by', ({ origin }) => origin],
  ['Namespace', ({ position }) => position.namespace],
  ['Hub', ({ position }) => position.hub],
  ['Partition', ({ position }) => position.partition],
  ['Sequence number', ({ position }) => String(position.sequenceNumber)],
  ['Record', ({ ordinal, of }) => `${ordinal + 1} of ${of}`],
  ['Record digest', (line) => digest(exactBytes(line))],
  ['Archive blob', ({ blob }) => blob],
  ['Line (from 0)', ({ line }) => String(line)],
]

/** The names of the columns of an export. */
export const RECORD_COLUMNS: readonly string[] = COLUMNS.map(([name]) => name)

/** A record as texts, in Microsoft's own values; absent ones are empty. */
export const recordRow = (line: RecordLine): readonly string[] => COLUMNS.map(([, of]) => of(line) ?? '')
