import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildChunk } from '../../shared/archive/chunk.ts'
import { parseLine } from '../../shared/archive/parse-line.ts'
import type { ArchivedEvent, ExportedEvent } from '../../shared/domain/exported-event.ts'
import { flatEvent } from '../../shared/domain/flat-event.ts'
import { InvariantError } from '../../shared/domain/invariant-error.ts'
import { NewerVersionError } from '../../shared/domain/newer-version-error.ts'
import type { SplitMessage } from '../../shared/domain/read-message.ts'
import { digest } from '../../shared/encoding/digest.ts'
import { anyCodePoint } from '../support/any-code-point.ts'
import { arbitraryArchivedEvent } from '../support/arbitrary-events.ts'
import { archiveLines, positionOf } from '../support/archive-lines.ts'
import { detection, heartbeat, riskyIdentity } from '../support/archived-events.ts'
import { eventText, jsonOf } from '../support/event-forms.ts'

const STATE =
  '{"category":"RiskyServicePrincipals","properties":{"id":"sp","riskLastUpdatedDateTime":"2026-05-06T9:41:07Z"}}'

const inEnvelope = (...records: readonly (string | Uint8Array)[]): Buffer =>
  Buffer.concat([
    Buffer.from('{"records":['),
    ...records.flatMap((record, i) => [Buffer.from(i === 0 ? '' : ','), Buffer.from(record)]),
    Buffer.from(']}'),
  ])

const named = (displayName: string) =>
  riskyIdentity('a', { identity: { type: 'agent', id: 'x', displayName } })

/** The chunk of a message whose second record is an event, and its line as it is read back. */
function archivedAndRead(event: ExportedEvent, record: Buffer) {
  const ofRecord = (bytes: Buffer) => ({
    bytes: bytes.length,
    digest: () => digest(bytes),
    content: { form: 'json', bytes } as const,
  })
  const message: SplitMessage = {
    status: 'split',
    position: positionOf(7, { hub: '\\","event":{"\\' }),
    bodyBytes: 99,
    bodyDigest: () => digest('body'),
    records: [
      { ordinal: 0, ...ofRecord(Buffer.from('1')), reading: { status: 'skipped' } },
      { ordinal: 1, ...ofRecord(record), reading: { status: 'event', event: flatEvent(event) } },
    ],
  }
  const chunk = buildChunk([message])
  const line = parseLine(chunk.content.subarray(0, -1), chunk.blob, 0)
  if (line.kind !== 'event') throw new Error(line.kind)
  return { chunk, line }
}

const placeAndJson = ({ event, ...place }: ArchivedEvent) => ({
  ...place,
  json: jsonOf({ event }).toString(),
})

describe('a line is read back as what it was made of:', () => {
  test('an event as sinks got it, whatever is in it and in its record', () => {
    fc.assert(
      fc.property(arbitraryArchivedEvent, fc.string({ unit: anyCodePoint }), ({ event }, text) => {
        const record = Buffer.from(JSON.stringify({ ',"event":{': '}', text }))
        const { chunk, line } = archivedAndRead(event, record)
        const { kind, lastUpdatedAt, origin, category } = event
        expect(line).toMatchObject({
          position: chunk.first,
          bodyBytes: 99,
          bodyDigest: digest('body'),
          ordinal: 1,
          of: 2,
          origin,
          category,
          record,
          event: { kind, lastUpdatedAt },
          blob: chunk.blob,
          line: 0,
        })
        expect(eventText(line.event)).toBe(eventText(event))
        const [archived] = chunk.events
        if (archived === undefined) throw new Error('no event')
        expect(placeAndJson(line.archived)).toEqual(placeAndJson(archived))
      }),
    )
  })

  test.each([
    ['a state', riskyIdentity('a')],
    ['a detection', detection('a')],
    ['a sign of life', heartbeat('a')],
    ['a state with a name of braces and quotes', named('}"{\\')],
    ['a state with a name that opens what it does not close', named('{{"')],
    [
      'a state with members called as ours are',
      riskyIdentity('a', { extra: { a: 1, recordBytes: 2, record: {} } }),
    ],
  ])('%s of which everything is known', (_, event) => {
    const { line } = archivedAndRead(event, Buffer.from('{}'))
    expect(line.event).toStrictEqual(event)
  })

  test.each([
    ['on one line', Buffer.from('{"properties":{"a":"}"}}')],
    ['on several', Buffer.from('{\r\n"properties": {\t"a": "漢"}\n}')],
    ['that is no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ])('a record without a category, %s, to the byte', (_, record) => {
    const [line] = archiveLines([inEnvelope(record)], 7)
    expect(line).toMatchObject({
      kind: 'fault',
      position: positionOf(7),
      ordinal: 0,
      of: 1,
      digest: digest(record),
    })
    expect(line).not.toHaveProperty('category')
    expect(line?.kind === 'fault' && Buffer.from(line.record)).toEqual(record)
  })

  test.each([
    ['an event', '{"category":"RiskyThings","event":{"kind":"user"}}'],
    ['an event and a record', '{"category":"RiskyThings","event":{},"record":{"a":1}}'],
    ['a record in an event', '{"category":"RiskyThings","event":{"a":{},"record":1},"b":2}'],
  ])('a record with a fault that has members called as ours are: %s', (_, record) => {
    const [line] = archiveLines([inEnvelope(record)], 7)
    expect(line).toMatchObject({ kind: 'fault', fault: { code: 'categoryUnknown' }, digest: digest(record) })
    expect(line?.kind === 'fault' && Buffer.from(line.record).toString()).toBe(record)
  })

  test('a record of a category with a fault', () => {
    const record = '{"category":"RiskyAgents","properties":{}}'
    const [, line] = archiveLines([inEnvelope(STATE, record)], 7)
    expect(line).toMatchObject({
      kind: 'fault',
      category: 'RiskyAgents',
      ordinal: 1,
      of: 2,
      origin: 'stream',
      fault: { code: 'fieldMissing', scope: 'record' },
      digest: digest(record),
      line: 1,
    })
  })

  test.each([
    ['text', Buffer.from('no "JSON" 漢')],
    ['none', Buffer.from('')],
    ['no UTF-8', Buffer.from([0xff, 0x00, 0xfe])],
  ])('a message that could not be split, whose body is %s, to the byte', (_, body) => {
    const [line] = archiveLines([body], 7)
    expect(line).toMatchObject({ kind: 'unsplit', position: positionOf(7), bodyBytes: body.length, of: 1 })
    expect(line?.kind === 'unsplit' && Buffer.from(line.body)).toEqual(body)
    expect(line).toMatchObject({ bodyDigest: digest(body), fault: { scope: 'record' } })
  })

  test('messages of which nothing is kept', () => {
    const skipped = inEnvelope('{"category":"SignInLogs"}', '{"category":"SignInLogs"}')
    const lines = archiveLines([skipped, skipped, STATE, skipped], 7)
    expect(lines.map(({ kind }) => kind)).toEqual(['skipped', 'event', 'skipped'])
    expect(lines[0]).toEqual({
      kind: 'skipped',
      position: positionOf(7),
      firstSequenceNumber: 7,
      lastSequenceNumber: 8,
      messages: 2,
      records: 4,
      blob: expect.stringContaining('/00000000000000000007-00000000000000000010-'),
      line: 0,
    })
  })
})

describe('a line that this program did not write', () => {
  const position = '"position":{"enqueuedAt":"2026-11-02T08:30:07.000Z"}'
  const parse = (text: string) => () => parseLine(Buffer.from(text), 'blob', 0)

  test('but a newer one did, is not guessed at', () => {
    expect(parse(`{"v":2,${position}}`)).toThrow(NewerVersionError)
    expect(parse(`{"v":2,${position}}`)).toThrow('version 2')
  })

  test.each(['{}', '{"v":0}', '{"v":"1"}', `{"v":1,${position}}`, `{"v":1,${position},"event":{}}`])(
    '%s is a defect',
    (text) => {
      expect(parse(text)).toThrow(InvariantError)
    },
  )

  test('and that is no JSON is told as such', () => {
    expect(parse('{"v":1,')).toThrow(SyntaxError)
  })
})
