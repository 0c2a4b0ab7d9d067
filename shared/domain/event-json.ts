import { EVENT_FIELDS, type EventField, type EventFields, slotOf } from './event-fields.ts'
import { Form, type FormPart } from './form.ts'

/** Objects in an event's JSON, each written only if this field is present. */
const OBJECTS: ReadonlyMap<string, EventField> = new Map([
  ['identity', 'identity.type'],
  ['risk', 'identity.type'],
  ['attack', 'attack.techniques'],
  ['detection', 'detection.name'],
])

/** The parts of a JSON object; fields with a dot are nested. */
function partsOf(fields: readonly EventField[]): readonly FormPart[] {
  const parts: FormPart[] = ['{']
  let open: string | undefined
  for (const field of [...fields, undefined]) {
    const [object, inner] = field?.split('.') ?? []
    const around = inner === undefined ? undefined : object
    if (open !== undefined && open !== around) parts.push(['}', OBJECTS.get(open) as EventField, 'if'])
    if (around !== undefined && open !== around)
      parts.push([`,"${around}":{`, OBJECTS.get(around) as EventField, 'if'])
    open = around
    if (field !== undefined) parts.push([`,"${inner ?? object}":`, field])
  }
  return [...parts, '}']
}

const EVENT = new Form(partsOf(EVENT_FIELDS))
const WHOLE = slotOf('event')

/**
 * Writes the event's JSON from its fields, as archive lines and webhook requests contain it:
 * instants in ISO 8601, absent fields omitted.
 */
export function writeEventJson(event: EventFields): void {
  const { length } = event.memory
  EVENT.write(event.memory, event)
  event.written(WHOLE, length)
}

/** The event's JSON in UTF-8. */
export const eventJson = (event: EventFields): Buffer => event.bytes(WHOLE)
