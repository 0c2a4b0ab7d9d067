import type { CategoryMeaning } from '../domain/category.ts'
import type { ExportedEvent } from '../domain/exported-event.ts'
import { type Fault, isFault, recordFault } from '../domain/fault.ts'
import type { Instant } from '../domain/identifiers.ts'
import type { RecordReading } from '../domain/read-message.ts'
import { ORIGINS, type Origin } from '../domain/risk-event.ts'
import type { Json, JsonObject } from '../encoding/json.ts'
import { Fields } from './fields.ts'
import { heartbeat } from './heartbeat.ts'
import { type RecordParts, recordParts } from './record-parts.ts'
import { riskDetection } from './risk-detection.ts'
import { riskyIdentity } from './risky-identity.ts'
import { routeOf } from './route.ts'
import type { SourceSettings } from './source-settings.ts'
import { MAX_DEPTH } from './value-check.ts'

const isOrigin = (value: Json): value is Origin => (ORIGINS as readonly Json[]).includes(value)

const asOrigin = (value: Json): Origin | undefined => (isOrigin(value) ? value : undefined)

const asCategory = (value: Json): string | undefined => (typeof value === 'string' ? value : undefined)

export const recordTooDeep = (): Fault =>
  recordFault(
    'recordTooDeep',
    `The record nests deeper than ${MAX_DEPTH} levels. Check what the sender writes.`,
  )

const categoryUnknown = (): Fault =>
  recordFault(
    'categoryUnknown',
    'The category speaks of risk, but this program does not know it. Check what a newer version knows, then replay the archive.',
    { field: 'category' },
  )

/** A row of a table has the table for its `Type`, and no category. */
const isTableRow = (around: Fields): boolean =>
  around.text('Type') !== undefined && around.value('TimeGenerated') !== undefined

const categoryMissing = (around: Fields): Fault =>
  recordFault(
    'categoryMissing',
    isTableRow(around)
      ? 'The record has no category: this is a Log Analytics data export, not a diagnostic setting. Check what writes to this event hub: the risk categories come by a diagnostic setting of Entra, and an export belongs in a hub of its own.'
      : 'The record has no category. Check what writes to this event hub.',
    { field: 'category' },
  )

function eventOf(
  route: CategoryMeaning | 'heartbeat',
  parts: RecordParts,
  settings: SourceSettings,
): ExportedEvent | Fault {
  if (route === 'heartbeat') return heartbeat(parts)
  switch (route.kind) {
    case 'riskDetection':
      return riskDetection(route, parts, settings)
    case 'riskyIdentity':
      return riskyIdentity(route, parts)
  }
}

/**
 * Understands one record by its category: an event, a fault that names what is wrong, or none of
 * ours.
 * @param enqueuedAt when the hub took the message
 */
export function normalise(
  record: JsonObject,
  depth: number,
  enqueuedAt: Instant,
  settings: SourceSettings,
): RecordReading {
  const around = new Fields(record, '')
  const category = around.parsed('category', asCategory)
  if (category === undefined && around.value('metricName') !== undefined) return { status: 'skipped' }
  const route = category === undefined ? undefined : routeOf(category, settings)
  if (route === 'skip') return { status: 'skipped' }
  const origin = around.parsed('origin', asOrigin) ?? 'stream'
  const faulty = (fault: Fault): RecordReading => ({
    status: 'fault',
    fault,
    origin,
    ...(category === undefined ? {} : { category }),
  })
  if (depth > MAX_DEPTH) return faulty(recordTooDeep())
  if (route === undefined) return faulty(categoryMissing(around))
  if (route === 'unknown') return faulty(categoryUnknown())
  const event = eventOf(route, recordParts(around, origin, enqueuedAt, settings), settings)
  return isFault(event) ? faulty(event) : { status: 'event', event }
}
