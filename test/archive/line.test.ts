import { describe, expect, test } from 'vitest'
import { MessageLines, skippedLine, unsplitLine } from '../../shared/archive/line.ts'
import type { FlatEvent } from '../../shared/domain/exported-event.ts'
import { recordFault } from '../../shared/domain/fault.ts'
import { flatEvent, MessagePlace } from '../../shared/domain/flat-event.ts'
import type { ExactContent, ReadRecord, SplitMessage } from '../../shared/domain/read-message.ts'
import { ByteWriter } from '../../shared/encoding/byte-writer.ts'
import { digest } from '../../shared/encoding/digest.ts'
import { positionOf } from '../support/archive-lines.ts'
import { detection } from '../support/archived-events.ts'
import { eventText } from '../support/event-forms.ts'

const recordOf = (content: ExactContent, bytes: Buffer, ordinal = 0): ReadRecord => ({
  ordinal,
  bytes: bytes.length,
  digest: () => digest(bytes),
  content,
  reading: { status: 'skipped' },
})

const jsonRecord = (text: string, ordinal?: number): ReadRecord =>
  recordOf({ form: 'json', bytes: Buffer.from(text) }, Buffer.from(text), ordinal)

const splitMessage = (records: readonly ReadRecord[]): SplitMessage => ({
  status: 'split',
  position: positionOf(7),
  bodyBytes: 99,
  bodyDigest: () => digest('body'),
  records,
})

const event = detection('a')

/** The one line that is written of a message. */
function lineOf(message: SplitMessage, write: (lines: MessageLines) => void): string {
  // Room for nothing: it has to be made.
  const lines = new ByteWriter(0)
  write(new MessageLines(message, message.records.length, lines))
  const text = lines.since(0).toString()
  expect(text.indexOf('\n'), 'one line').toBe(text.length - 1)
  return text.slice(0, -1)
}

/** The event of a record, which knows its place in the message. */
function eventAt(record: ReadRecord, of: number): FlatEvent {
  const flat = flatEvent(event)
  new MessagePlace(flat.fields.memory, positionOf(7), of).of(flat.fields, record.ordinal, record.digest(), 0)
  return flat
}

const eventLine = (record: ReadRecord): string =>
  lineOf(splitMessage([record]), (lines) => lines.event(record, eventAt(record, 1)))

describe('the line of an event', () => {
  const raw = '{ "a" : "\u{1f600}}" , "record":{} }'
  const record = jsonRecord(raw, 1)
  const text = lineOf(splitMessage([record, record]), (lines) => lines.event(record, eventAt(record, 2)))

  test('has its members in the order of version 1, the record last', () => {
    expect(Object.keys(JSON.parse(text)).join(' ')).toBe(
      'v position bodyBytes bodyDigest ordinal of origin category digest factKey eventId event recordBytes record',
    )
    expect(JSON.parse(text)).toMatchObject({ v: 1, ordinal: 1, of: 2, bodyBytes: 99, eventId: event.eventId })
  })

  test('ends with the exact bytes of the record and a brace', () => {
    const bytes = Buffer.from(text)
    const { recordBytes } = JSON.parse(text)
    expect(recordBytes).toBe(record.bytes)
    expect(bytes.subarray(bytes.length - 1 - recordBytes, -1).toString()).toBe(raw)
  })

  test('holds the event just as sinks get it', () => {
    expect(text).toContain(`"event":${eventText(event)},"recordBytes"`)
  })
})

describe('content that cannot stand in a line as it is', () => {
  test('is a JSON string where it is text', () => {
    const raw = '{\n\t"a": "\u2028",\r\n} "\u0000\\'
    const record = recordOf({ form: 'text', text: raw }, Buffer.from(raw))
    const text = eventLine(record)
    expect(text).not.toMatch(/[\r\n]/)
    expect(JSON.parse(text).recordText).toBe(raw)
    expect('record' in JSON.parse(text)).toBe(false)
  })

  test('is Base64 where it is not UTF-8', () => {
    const raw = Buffer.from([0x7b, 0xff, 0x00, 0x7d])
    const record = recordOf({ form: 'base64', text: raw.toString('base64') }, raw)
    const text = eventLine(record)
    expect(Buffer.from(JSON.parse(text).recordBase64, 'base64')).toEqual(raw)
  })
})

describe('the line of a fault', () => {
  const fault = recordFault('fieldMissing', 'The field "id" is missing.', {
    field: 'properties.id',
    status: 400,
  })

  test('has the fault in place of keys and event', () => {
    const record = jsonRecord('{}')
    const line = lineOf(splitMessage([record]), (lines) =>
      lines.fault(record, { status: 'fault', fault, origin: 'graph', category: 'Risky"Users' }),
    )
    expect(Object.keys(JSON.parse(line)).join(' ')).toBe(
      'v position bodyBytes bodyDigest ordinal of origin category digest fault recordBytes record',
    )
    expect(JSON.parse(line)).toMatchObject({ origin: 'graph', category: 'Risky"Users' })
    expect(JSON.parse(line).fault).toEqual({
      code: 'fieldMissing',
      scope: 'record',
      message: 'The field "id" is missing.',
      field: 'properties.id',
    })
  })

  test('has no category where none could be read', () => {
    const record = jsonRecord('null')
    const line = lineOf(splitMessage([record]), (lines) =>
      lines.fault(record, { status: 'fault', fault, origin: 'stream' }),
    )
    expect('category' in JSON.parse(line)).toBe(false)
  })

  test('of a message that could not be split holds its body', () => {
    const fields = {
      status: 'unsplit',
      position: positionOf(7),
      bodyBytes: 3,
      bodyDigest: () => digest('x"y'),
      fault,
    } as const
    const asText = JSON.parse(unsplitLine({ ...fields, body: { form: 'text', text: 'x"y' } }))
    expect(Object.keys(asText).join(' ')).toBe('v position bodyBytes bodyDigest ordinal of origin fault body')
    expect(asText).toMatchObject({ ordinal: 0, of: 1, origin: 'stream', body: 'x"y' })
    const asBase64 = JSON.parse(unsplitLine({ ...fields, body: { form: 'base64', text: '/w==' } }))
    expect(asBase64.bodyBase64).toBe('/w==')
    expect('body' in asBase64).toBe(false)
  })
})

test('the line of skipped messages counts them, from the first position', () => {
  const line = skippedLine({ first: positionOf(7), lastSequenceNumber: 12, messages: 3, records: 3 })
  expect(JSON.parse(line)).toEqual({
    v: 1,
    position: JSON.parse(JSON.stringify({ ...positionOf(7), enqueuedAt: '2026-11-02T08:30:07.000Z' })),
    skipped: { firstSequenceNumber: 7, lastSequenceNumber: 12, messages: 3, records: 3 },
  })
})
