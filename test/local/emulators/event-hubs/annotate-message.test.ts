import fc from 'fast-check'
import rhea from 'rhea'
import { expect, test } from 'vitest'
import { annotateMessage, partitionKeyOf } from '../../../../local/emulators/event-hubs/annotate-message.ts'
import { bodyOf } from '../../../../local/emulators/event-hubs/message-body.ts'
import {
  type EncodedMessage,
  readMessage,
  sectionsOf,
} from '../../../../local/emulators/event-hubs/message-sections.ts'
import { withRuntimeMetrics } from '../../../../local/emulators/event-hubs/runtime-metrics.ts'

const { message: codec } = rhea
const position = {
  partition: '3',
  sequenceNumber: 70_000_000_000,
  offset: '123',
  enqueuedAtMs: 1_700_000_000_000,
}

function read(bytes: Buffer): EncodedMessage {
  const message = readMessage(bytes)
  if (message === undefined) throw new Error('no message')
  return message
}

const text = fc.string({ minLength: 1, maxLength: 20 })
const anyMessage = fc.record(
  {
    body: fc.uint8Array({ maxLength: 400 }).map((bytes) => codec.data_section(Buffer.from(bytes))),
    application_properties: fc.dictionary(text, text, { maxKeys: 4 }),
    message_annotations: fc.dictionary(text, text, { maxKeys: 4 }),
    delivery_annotations: fc.dictionary(text, text, { maxKeys: 2 }),
    durable: fc.boolean(),
    message_id: text,
    content_type: fc.constant('application/json'),
  },
  { requiredKeys: ['body'] },
)

test('everything the sender said stays; only the position, the time and the key are added', () => {
  fc.assert(
    fc.property(anyMessage, fc.option(text, { nil: undefined }), (sent, partitionKey) => {
      const given = codec.decode(codec.encode(sent))
      const annotated = annotateMessage(read(codec.encode(sent)), position, partitionKey)
      const { message_annotations, ...rest } = codec.decode(annotated)
      const { message_annotations: own, delivery_annotations: _, ...expected } = given
      expect(rest).toEqual(expected)
      expect(message_annotations).toEqual({
        ...own,
        'x-opt-sequence-number': position.sequenceNumber,
        'x-opt-offset': '123',
        'x-opt-enqueued-time': new Date(position.enqueuedAtMs),
        ...(partitionKey === undefined ? {} : { 'x-opt-partition-key': partitionKey }),
      })
      expect(bodyOf(annotated)).toEqual(sent.body.content)
      expect(partitionKeyOf(read(annotated))).toBe(partitionKey)
    }),
  )
})

test('a position or key that is there already is replaced, not doubled', () => {
  const once = annotateMessage(read(codec.encode({ body: 'x' })), position, 'key')
  const twice = annotateMessage(read(once), { ...position, sequenceNumber: 5 }, 'other')
  expect(twice.toString('latin1').split('x-opt-sequence-number')).toHaveLength(2)
  expect(codec.decode(twice).message_annotations).toMatchObject({
    'x-opt-sequence-number': 5,
    'x-opt-partition-key': 'other',
  })
})

test('runtime metrics are put where delivery annotations stand, and change nothing else', () => {
  fc.assert(
    fc.property(anyMessage, (sent) => {
      const message = annotateMessage(read(codec.encode(sent)), position, undefined)
      const state = {
        partition: '3',
        firstSequenceNumber: 0,
        lastSequenceNumber: 9,
        lastOffset: '99',
        lastEnqueuedAtMs: 1000,
        isEmpty: false,
      }
      const { delivery_annotations, ...rest } = codec.decode(withRuntimeMetrics(message, state, 2000))
      expect(rest).toEqual({ ...codec.decode(message) })
      expect(delivery_annotations).toEqual({
        last_enqueued_sequence_number: 9,
        last_enqueued_offset: '99',
        last_enqueued_time_utc: new Date(1000),
        runtime_info_retrieval_time_utc: new Date(2000),
      })
    }),
  )
})

test('the body of several data sections is their sum, of a value its text', () => {
  const parts = codec.data_sections([Buffer.from('one '), Buffer.from('two')])
  expect(bodyOf(codec.encode({ body: parts })).toString()).toBe('one two')
  expect(bodyOf(codec.encode({ body: 'text' })).toString()).toBe('text')
})

test('bytes that are no message have no sections, and nothing throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const sections = sectionsOf(Buffer.from(bytes)) ?? []
      expect(sections.at(-1)?.end ?? bytes.length).toBe(bytes.length)
    }),
  )
  const [annotations, body] = [
    Buffer.from([0x00, 0x53, 0x72, 0xc1, 0x01, 0x00]),
    Buffer.from([0x00, 0x53, 0x75, 0xa0, 0x00]),
  ]
  expect(sectionsOf(Buffer.concat([annotations, body]))?.map((section) => section.code)).toEqual([0x72, 0x75])
  expect(sectionsOf(Buffer.concat([body, annotations]))).toBeUndefined()
})

test('sections may be named by symbol', () => {
  const name = Buffer.from('amqp:data:binary')
  const symbolic = Buffer.concat([
    Buffer.from([0x00, 0xa3, name.length]),
    name,
    Buffer.from([0xa0, 0x01, 0x58]),
  ])
  expect(bodyOf(symbolic).toString()).toBe('X')
})
