import { EventFields, slotOf } from '../../shared/domain/event-fields.ts'
import { setEventId, setFactKey } from '../../shared/domain/event-id.ts'
import { eventJson } from '../../shared/domain/event-json.ts'
import type { ArchivedEvent, ExportedEvent } from '../../shared/domain/exported-event.ts'
import { flatEvent, parseEvent } from '../../shared/domain/flat-event.ts'
import type { RecordReading } from '../../shared/domain/read-message.ts'
import { ByteWriter } from '../../shared/encoding/byte-writer.ts'
import type { Span } from '../../shared/encoding/span.ts'
import type { EventEncoder } from '../../shared/sinks/webhook/webhook-format.ts'

/** What an encoded event holds, as text. */
export const spanText = ({ memory, start, end }: Span): string => memory.bytes.toString('utf8', start, end)

/** The event's JSON as text. */
export const eventText = (event: ExportedEvent): string => eventJson(flatEvent(event).fields).toString()

/** The event's JSON, as its archive line has it. */
export const jsonOf = ({ event }: Pick<ArchivedEvent, 'event'>): Buffer => eventJson(event.fields)

/** The id of an event with these fields, also of one that lacks some. */
export const eventIdOf = (event: object): string => {
  const { kind } = { kind: 'riskDetection', ...event } as ExportedEvent
  return setEventId(flatEvent({ lastUpdatedAt: 0, ...event } as ExportedEvent).fields, kind)
}

/** An event in a form. */
export function bytesOf(form: EventEncoder, archived: ArchivedEvent): Buffer {
  const out = new ByteWriter(16)
  form.write(out, archived.event.fields, archived)
  return out.since(0)
}

/** An event in a form, as text. */
export const textOf = (form: EventEncoder, archived: ArchivedEvent): string =>
  bytesOf(form, archived).toString()

/** The fact key of these parts. */
export function factKeyOf(parts: {
  readonly tenantId: string
  readonly kind: string
  readonly identityType: string | null
  readonly id: string
  readonly lastUpdatedAt: number
  readonly riskState: string | undefined
}): string {
  const { tenantId, kind, identityType, id, lastUpdatedAt, riskState } = parts
  const memory = new ByteWriter(16)
  const event = new EventFields(memory)
  const put = (slot: number, value: unknown): void => {
    if (value === undefined || value === null) return
    const start = memory.length
    memory.text(JSON.stringify(value))
    event.written(slot, start)
  }
  put(slotOf('tenantId'), tenantId)
  put(slotOf('kind'), kind)
  put(slotOf('identity.type'), identityType)
  put(slotOf('lastUpdatedAt'), new Date(lastUpdatedAt).toISOString())
  put(slotOf('risk.state'), riskState)
  const start = memory.length
  memory.text(JSON.stringify(id))
  return setFactKey(event, { start, end: memory.length })
}

/** How a record was understood, with its event as an object. */
export const asObject = (reading: RecordReading) =>
  reading.status === 'event' ? { ...reading, event: parseEvent(reading.event) } : reading
