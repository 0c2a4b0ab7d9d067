import type { FlatEvent } from '../domain/exported-event.ts'
import type { Fault } from '../domain/fault.ts'
import { Form } from '../domain/form.ts'
import { type Position, positionJson } from '../domain/position.ts'
import type { ReadMessage, ReadRecord, UnsplitMessage } from '../domain/read-message.ts'
import type { ByteWriter } from '../encoding/byte-writer.ts'
import { Literal } from '../encoding/literal.ts'

/** Version of the archive line. Lines depend only on the messages: no clock, no randomness. */
export const LINE_VERSION = 1

const bodyKey = { text: 'body', base64: 'bodyBase64' } as const

const faultJson = (fault: Fault): string =>
  JSON.stringify({
    code: fault.code,
    scope: fault.scope,
    message: fault.message,
    field: fault.field,
  })

/** What each line of a message begins with. */
export type LineHead = Pick<ReadMessage, 'position' | 'bodyBytes' | 'bodyDigest'>

const messageHead = (m: LineHead): string =>
  `{"v":${LINE_VERSION},"position":${positionJson(m.position)},"bodyBytes":${m.bodyBytes},"bodyDigest":"${m.bodyDigest()}"`

const EVENT_LINE = new Form([
  [',"ordinal":', 'ordinal'],
  [',"of":', 'of'],
  [',"origin":', 'origin'],
  [',"category":', 'category'],
  [',"digest":', 'digest'],
  [',"factKey":', 'factKey'],
  [',"eventId":', 'eventId'],
  [',"event":', 'event'],
  ',',
])

/** Writes what a line says of its event, from `ordinal` on up to its record. */
export const writeEventMembers = (lines: ByteWriter, { fields }: FlatEvent): void =>
  EVENT_LINE.write(lines, fields)

/** Writes the lines of one message; encodes their common part once. */
export class MessageLines {
  readonly head: Buffer
  readonly #of: number
  readonly #lines: ByteWriter

  /** @param of number of records in the message */
  constructor(message: LineHead, of: number, lines: ByteWriter) {
    this.head = Buffer.from(messageHead(message))
    this.#of = of
    this.#lines = lines
  }

  /** @param event with its place fields set (`MessagePlace`) */
  event(record: ReadRecord, event: FlatEvent): void {
    this.#lines.all(this.head)
    writeEventMembers(this.#lines, event)
    this.#endWith(record)
  }

  fault(record: ReadRecord, reading: Extract<ReadRecord['reading'], { status: 'fault' }>): void {
    const category = reading.category === undefined ? '' : `"category":${JSON.stringify(reading.category)},`
    this.#lines.all(this.head)
    this.#lines.text(
      `,"ordinal":${record.ordinal},"of":${this.#of},"origin":"${reading.origin}",${category}` +
        `"digest":"${record.digest()}","fault":${faultJson(reading.fault)},`,
    )
    this.#endWith(record)
  }

  #endWith({ bytes, content }: ReadRecord): void {
    const lines = this.#lines
    lines.literal(RECORD_BYTES)
    lines.integer(bytes)
    lines.literal(CONTENT_KEYS[content.form])
    if (content.form === 'json') lines.all(content.bytes)
    else lines.text(JSON.stringify(content.text))
    lines.literal(END)
  }
}

const RECORD_BYTES = new Literal('"recordBytes":')
const CONTENT_KEYS = {
  json: new Literal(',"record":'),
  text: new Literal(',"recordText":'),
  base64: new Literal(',"recordBase64":'),
}
const END = new Literal('}\n')

/** The only line of a message in which no records were found. */
export const unsplitLine = (m: UnsplitMessage): string =>
  `${messageHead(m)},"ordinal":0,"of":1,"origin":"stream","fault":${faultJson(m.fault)},` +
  `"${bodyKey[m.body.form]}":${JSON.stringify(m.body.text)}}`

/** Adjacent messages with only skipped records. */
export interface SkippedRun {
  readonly first: Position
  readonly lastSequenceNumber: number
  readonly messages: number
  readonly records: number
}

/** One line for a run of skipped messages; leaves no gap in sequence numbers. */
export const skippedLine = ({ first, lastSequenceNumber, messages, records }: SkippedRun): string =>
  `{"v":${LINE_VERSION},"position":${positionJson(first)},"skipped":{` +
  `"firstSequenceNumber":${first.sequenceNumber},"lastSequenceNumber":${lastSequenceNumber},` +
  `"messages":${messages},"records":${records}}}`
