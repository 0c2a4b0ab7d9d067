import type { ExportedEvent } from '../domain/exported-event.ts'
import { type Fault, isFault, recordFault } from '../domain/fault.ts'
import type { JsonObject } from '../domain/json.ts'
import type { RecordReading } from '../domain/read-message.ts'
import { heartbeat } from './heartbeat.ts'
import { originOf, recordParts } from './record-parts.ts'
import { riskDetection } from './risk-detection.ts'
import { riskyIdentity } from './risky-identity.ts'
import { categoryOf, routeOf } from './route.ts'
import type { SourceSettings } from './source-settings.ts'
import { MAX_DEPTH } from './value-check.ts'

const categoryMissing = (): Fault =>
  recordFault('categoryMissing', 'The record has no category. Check what writes to this event hub.', {
    field: 'category',
  })

export const recordTooDeep = (): Fault =>
  recordFault(
    'recordTooDeep',
    `The record nests deeper than ${MAX_DEPTH} levels. Check what the sender writes.`,
  )

type Route = Exclude<ReturnType<typeof routeOf>, 'skip'>

function eventOf(route: Route, record: JsonObject, settings: SourceSettings): ExportedEvent | Fault {
  const parts = recordParts(record, settings)
  if (route === 'heartbeat') return heartbeat(parts)
  switch (route.kind) {
    case 'riskDetection':
      return riskDetection(route, parts, settings)
    case 'riskyIdentity':
      return riskyIdentity(route, parts)
  }
}

/** Understands one record by its category: an event, a fault that names what is wrong, or none of ours. */
export function normalise(record: JsonObject, depth: number, settings: SourceSettings): RecordReading {
  const origin = originOf(record)
  const category = categoryOf(record)
  const route = category === undefined ? undefined : routeOf(category, settings)
  if (route === 'skip') return { status: 'skipped' }
  const tooDeep = depth > MAX_DEPTH
  if (route === undefined || tooDeep) {
    const fault = tooDeep ? recordTooDeep() : categoryMissing()
    return { status: 'fault', fault, origin, ...(category === undefined ? {} : { category }) }
  }
  const event = eventOf(route, record, settings)
  return isFault(event)
    ? { status: 'fault', fault: event, origin, ...(category === undefined ? {} : { category }) }
    : { status: 'event', event }
}
