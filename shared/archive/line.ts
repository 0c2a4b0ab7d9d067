import { eventJson } from '../domain/event-json.ts'
import type { ExportedEvent } from '../domain/exported-event.ts'
import type { Fault } from '../domain/fault.ts'
import { positionJson } from '../domain/position.ts'
import type {
  ExactContent,
  ReadMessage,
  ReadRecord,
  SplitMessage,
  UnsplitMessage,
} from '../domain/read-message.ts'

/** Version of the archive line. Lines are a pure function of the messages: no clock, no randomness. */
export const LINE_VERSION = 1

/** The line of an event, with the event's JSON as it stands in it, which sinks share. */
export interface EventLine {
  readonly text: string
  readonly eventJson: string
}

const contentKey = { json: 'record', text: 'recordText', base64: 'recordBase64' } as const
const bodyKey = { json: 'body', text: 'body', base64: 'bodyBase64' } as const

const contentValue = (content: ExactContent): string =>
  content.form === 'json' ? content.text : JSON.stringify(content.text)

const faultJson = (fault: Fault): string =>
  JSON.stringify({
    code: fault.code,
    scope: fault.scope,
    message: fault.message,
    ...(fault.field === undefined ? {} : { field: fault.field }),
  })

const messageHead = (m: ReadMessage): string =>
  `{"v":${LINE_VERSION},"position":${positionJson(m.position)},"bodyBytes":${m.bodyBytes},"bodyDigest":"${m.bodyDigest}"`

/** Everything that the lines of one message share is made once. */
export class MessageLines {
  readonly #head: string
  readonly #of: number

  constructor(message: SplitMessage) {
    this.#head = messageHead(message)
    this.#of = message.records.length
  }

  event(record: ReadRecord, event: ExportedEvent): EventLine {
    const json = eventJson(event)
    return {
      eventJson: json,
      text:
        `${this.#head},"ordinal":${record.ordinal},"of":${this.#of},"origin":"${event.origin}",` +
        `"category":${JSON.stringify(event.category)},"digest":"${record.digest}","factKey":"${event.factKey}",` +
        `"eventId":"${event.eventId}","event":${json},${recordPart(record)}`,
    }
  }

  fault(record: ReadRecord, reading: Extract<ReadRecord['reading'], { status: 'fault' }>): string {
    const category = reading.category === undefined ? '' : `"category":${JSON.stringify(reading.category)},`
    return (
      `${this.#head},"ordinal":${record.ordinal},"of":${this.#of},"origin":"${reading.origin}",${category}` +
      `"digest":"${record.digest}","fault":${faultJson(reading.fault)},${recordPart(record)}`
    )
  }
}

const recordPart = (record: ReadRecord): string =>
  `"recordBytes":${record.bytes},"${contentKey[record.content.form]}":${contentValue(record.content)}}`

/** The one line of a message in which no records could be found. */
export const unsplitLine = (m: UnsplitMessage): string =>
  `${messageHead(m)},"ordinal":0,"of":1,"origin":"stream","fault":${faultJson(m.fault)},` +
  `"${bodyKey[m.body.form]}":${JSON.stringify(m.body.text)}}`

/** Adjacent messages that hold only skipped records: sequence numbers have no holes, and no line says more than it must. */
export const skippedLine = (messages: readonly [SplitMessage, ...SplitMessage[]]): string => {
  const first = messages[0]
  const last = messages.at(-1) ?? first
  const records = messages.reduce((sum, m) => sum + m.records.length, 0)
  return (
    `{"v":${LINE_VERSION},"position":${positionJson(first.position)},"skipped":{` +
    `"firstSequenceNumber":${first.position.sequenceNumber},"lastSequenceNumber":${last.position.sequenceNumber},` +
    `"messages":${messages.length},"records":${records}}}`
  )
}
