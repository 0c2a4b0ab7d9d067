import { type Fault, isFault, recordFault } from '../domain/fault.ts'
import type { Instant } from '../domain/identifiers.ts'
import type { RecordReading } from '../domain/read-message.ts'
import { ORIGINS, type Origin } from '../domain/risk-event.ts'
import { BytesMemo } from '../encoding/bytes-memo.ts'
import type { Json } from '../encoding/json.ts'
import { weakMemo } from '../encoding/weak-memo.ts'
import { parseJson } from '../encoding/written-json.ts'
import type { EventMemory } from './event-memory.ts'
import type { Fields } from './fields.ts'
import { ownEvent } from './own-event.ts'
import { recordParts } from './record-parts.ts'
import { riskEvent } from './risk-event.ts'
import { type Route, routeOf } from './route.ts'
import { asText } from './scalars.ts'
import type { SourceSettings } from './source-settings.ts'
import { MAX_DEPTH } from './value-check.ts'

const isOrigin = (value: Json): value is Origin => (ORIGINS as readonly Json[]).includes(value)

const asOrigin = (value: Json): Origin | undefined => (isOrigin(value) ? value : undefined)

interface Routed {
  /** As sent; `undefined`: none. */
  readonly category: string | undefined
  readonly route: Route | undefined
}

const NO_CATEGORY: Routed = { category: undefined, route: undefined }
const SKIPPED: RecordReading = { status: 'skipped' }

/** Whether a category is a name. A number is none, nor is one in quotes, as long numbers are read. */
const isName = (category: Json): category is string =>
  typeof category === 'string' && Number.isNaN(Number(category))

/** By the JSON of the category: records that follow one another often have the same. */
const routesBy = weakMemo(
  (settings: SourceSettings) =>
    new BytesMemo((json): Routed | undefined => {
      const category = parseJson(json)
      return isName(category) ? { category, route: routeOf(category, settings) } : undefined
    }),
)

const faulty = (fault: Fault, origin: Origin, category: string | undefined): RecordReading => ({
  status: 'fault',
  fault,
  origin,
  ...(category === undefined ? {} : { category }),
})

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

/** Whether a record is a Log Analytics table row: `Type` is the table; there is no category. */
const isTableRow = (outer: Fields): boolean =>
  outer.parsed('Type', asText) !== undefined && outer.has('TimeGenerated')

const categoryMissing = (outer: Fields): Fault =>
  recordFault(
    'categoryMissing',
    isTableRow(outer)
      ? 'The record has no category: this is a Log Analytics data export, not a diagnostic setting. Check what writes to this event hub: the risk categories come by a diagnostic setting of Entra, and an export belongs in a hub of its own.'
      : 'The record has no category. Check what writes to this event hub.',
    { field: 'category' },
  )

/** What reading a record depends on, besides its bytes. */
export interface ReadingContext {
  /** Enqueued time of its message. */
  readonly enqueuedAt: Instant
  readonly settings: SourceSettings
  readonly memory: EventMemory
  /** Copies the message's body into memory on the first call, and gives its offset. */
  readonly place: () => number
}

/**
 * Normalises one record by its category: an event, a fault, or skipped.
 * @param outer the record's top-level fields
 */
export function normalise(
  outer: Fields,
  depth: number,
  { enqueuedAt, memory, settings, place }: ReadingContext,
): RecordReading {
  const { category, route } = outer.made('category', routesBy(settings)) ?? NO_CATEGORY
  if (route === 'skip' || (route === undefined && outer.has('metricName'))) return SKIPPED
  const origin = outer.parsed('origin', asOrigin) ?? 'stream'
  if (depth > MAX_DEPTH) return faulty(recordTooDeep(), origin, category)
  if (route === undefined) return faulty(categoryMissing(outer), origin, category)
  if (route === 'unknown') return faulty(categoryUnknown(), origin, category)
  outer.moveIntoMemory(place)
  const parts = recordParts(outer, origin, enqueuedAt, memory, settings)
  const event = typeof route === 'string' ? ownEvent(route, parts) : riskEvent(route, parts, settings)
  return isFault(event) ? faulty(event, origin, category) : { status: 'event', event }
}
