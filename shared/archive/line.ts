import { eventJson } from '../domain/event-json.ts'
import type { ExportedEvent } from '../domain/exported-event.ts'
import type { Fault } from '../domain/fault.ts'
import { positionJson } from '../domain/position.ts'
import type { ReadMessage, ReadRecord, SplitMessage, UnsplitMessage } from '../domain/read-message.ts'
import type { LinesBuffer } from './lines-buffer.ts'

/**
 * Version of the archive line. Lines are a pure function of the messages: no clock, no randomness.
 */
export const LINE_VERSION = 1

const contentKey = { json: 'record', text: 'recordText', base64: 'recordBase64' } as const
const bodyKey = { text: 'body', base64: 'bodyBase64' } as const

const faultJson = (fault: Fault): string =>
  JSON.stringify({
    code: fault.code,
    scope: fault.scope,
    message: fault.message,
    field: fault.field,
  })

const messageHead = (m: ReadMessage): string =>
  `{"v":${LINE_VERSION},"position":${positionJson(m.position)},"bodyBytes":${m.bodyBytes},"bodyDigest":"${m.bodyDigest}"`

/** Writes the lines of one message; their common part is encoded once. */
export class MessageLines {
  readonly #head: string
  readonly #of: number
  readonly #lines: LinesBuffer

  constructor(message: SplitMessage, lines: LinesBuffer) {
    this.#head = messageHead(message)
    this.#of = message.records.length
    this.#lines = lines
  }

  /** @returns the event's JSON as it appears in the line, which sinks share */
  event(record: ReadRecord, event: ExportedEvent): Buffer {
    const lines = this.#lines
    const json = eventJson(event)
    lines.text(this.#head)
    lines.text(
      `,"ordinal":${record.ordinal},"of":${this.#of},"origin":"${event.origin}","category":${JSON.stringify(event.category)},` +
        `"digest":"${record.digest}","factKey":"${event.factKey}","eventId":"${event.eventId}","event":`,
    )
    lines.bytes(json)
    lines.text(',')
    this.#endWith(record)
    return json
  }

  fault(record: ReadRecord, reading: Extract<ReadRecord['reading'], { status: 'fault' }>): void {
    const category = reading.category === undefined ? '' : `"category":${JSON.stringify(reading.category)},`
    this.#lines.text(
      `${this.#head},"ordinal":${record.ordinal},"of":${this.#of},"origin":"${reading.origin}",${category}` +
        `"digest":"${record.digest}","fault":${faultJson(reading.fault)},`,
    )
    this.#endWith(record)
  }

  #endWith({ bytes, content }: ReadRecord): void {
    const lines = this.#lines
    lines.text(`"recordBytes":${bytes},"${contentKey[content.form]}":`)
    if (content.form === 'json') lines.bytes(content.bytes)
    else lines.text(JSON.stringify(content.text))
    lines.text('}')
    lines.endLine()
  }
}

/** The one line of a message in which no records could be found. */
export const unsplitLine = (m: UnsplitMessage): string =>
  `${messageHead(m)},"ordinal":0,"of":1,"origin":"stream","fault":${faultJson(m.fault)},` +
  `"${bodyKey[m.body.form]}":${JSON.stringify(m.body.text)}}`

/**
 * One line for adjacent messages with only skipped records, so that sequence numbers have no gaps.
 */
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
