import { describe, expect, test } from 'vitest'
import { buildChunk, buildChunks, type Chunk } from '../../shared/archive/chunk.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { InvariantError } from '../../shared/domain/invariant-error.ts'
import type { Position } from '../../shared/domain/position.ts'
import { ByteWriter } from '../../shared/encoding/byte-writer.ts'
import { sha256Hex } from '../../shared/encoding/digest.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { settings } from '../source/reading-under-test.ts'
import { positionOf } from '../support/archive-lines.ts'

const EVENT =
  '{"category":"RiskyServicePrincipals","properties":{"id":"sp","riskLastUpdatedDateTime":"2026-05-06T9:41:07Z"}}'
const FAULT = '{"category":"RiskyServicePrincipals","properties":{}}'
const SKIPPED = '{"category":"SignInLogs"}'

const message = (sequenceNumber: number, records: readonly string[], change: Partial<Position> = {}) =>
  readMessage(
    { position: positionOf(sequenceNumber, change), body: Buffer.from(`{"records":[${records.join(',')}]}`) },
    settings,
  )

const linesOf = (content: Buffer) =>
  content
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('a chunk', () => {
  const messages = [
    message(10, [EVENT, SKIPPED, FAULT]),
    message(11, [SKIPPED, SKIPPED]),
    message(12, []),
    readMessage({ position: positionOf(13), body: Buffer.from('no JSON') }, settings),
    message(14, [SKIPPED]),
    message(17, [FAULT, EVENT]),
  ]
  const chunk = buildChunk(messages)
  const lines = linesOf(chunk.content)

  test('counts every record once', () => {
    expect(chunk.tally).toEqual({ records: 9, events: 2, faults: 3, skipped: 4 })
    expect(chunk.messages).toBe(6)
    expect(chunk.lines).toBe(lines.length)
  })

  test('has a line per event and fault, and one per run of messages that are skipped', () => {
    expect(lines.map((line) => (line.skipped ? 'skipped' : line.fault ? line.fault.code : 'event'))).toEqual([
      'event',
      'fieldMissing',
      'skipped',
      'bodyNotJson',
      'skipped',
      'fieldMissing',
      'event',
    ])
    expect(lines[2].skipped).toEqual({
      firstSequenceNumber: 11,
      lastSequenceNumber: 12,
      messages: 2,
      records: 2,
    })
  })

  test('leaves no hole in the sequence numbers of its messages', () => {
    const told = lines.flatMap((line) =>
      line.skipped
        ? [line.skipped.firstSequenceNumber, line.skipped.lastSequenceNumber]
        : [line.position.sequenceNumber],
    )
    expect([...new Set(told)]).toEqual([10, 11, 12, 13, 14, 17])
  })

  test('says of each event and fault in which line it is', () => {
    for (const { line, ordinal, event } of chunk.events)
      expect(lines[line]).toMatchObject({ ordinal, eventId: event.eventId })
    for (const { line, ordinal, fault } of chunk.faults)
      expect(lines[line]).toMatchObject({ ordinal, fault: { code: fault.code } })
    expect([...chunk.events, ...chunk.faults].every(({ blob }) => blob === chunk.blob)).toBe(true)
  })

  test('is named after its first message and its content', () => {
    expect(chunk.contentHash).toBe(sha256Hex(chunk.content))
    expect(chunk.blob).toBe(
      'v1/ingest_date=2026-11-02/ingest_hour=08/localhost/entra-risk/p=0/' +
        `00000000000000000010-00000000000000000017-${chunk.contentHash.slice(0, 16)}.jsonl.gz`,
    )
  })

  test('is the same for the same messages, at any time', () => {
    const again = buildChunk(messages)
    expect(again.blob).toBe(chunk.blob)
    expect(again.content.equals(chunk.content)).toBe(true)
  })

  test('has another name for other content', () => {
    expect(buildChunk(messages.slice(0, -1)).blob).not.toBe(chunk.blob)
    const other = [...messages.slice(0, -1), message(17, [FAULT, FAULT])]
    expect(buildChunk(other).blob).not.toBe(chunk.blob)
  })

  test('ends each line with a line feed, and has none within', () => {
    expect(chunk.content.at(-1)).toBe(0x0a)
    expect(chunk.content.toString().split('\n').length).toBe(chunk.lines + 1)
  })
})

test('a chunk across the edge of an hour is filed under the hour of its first message', () => {
  const late = instant(Date.UTC(2026, 11, 31, 23, 59, 59, 999))
  const { blob, last } = buildChunk([
    message(1, [EVENT], { enqueuedAt: late }),
    message(2, [EVENT], { enqueuedAt: instant(late + 1) }),
  ])
  expect(blob).toContain('v1/ingest_date=2026-12-31/ingest_hour=23/')
  expect(last.enqueuedAt).toBe(late + 1)
})

test('a chunk of skipped messages alone is one line', () => {
  const { lines, tally, events } = buildChunk([message(1, [SKIPPED]), message(2, [SKIPPED, SKIPPED])])
  expect({ lines, tally, events }).toEqual({
    lines: 1,
    tally: { records: 3, events: 0, faults: 0, skipped: 3 },
    events: [],
  })
})

test('a chunk of no messages is a bug', () => {
  expect(() => buildChunk([])).toThrow(InvariantError)
})

const of = (sequenceNumber: number, records: number) =>
  message(sequenceNumber, Array<string>(records).fill(`"${'x'.repeat(64)}"`))

test('chunks have up to 10,000 records, where a message without any that could be told apart is one', () => {
  const noJson = (sequenceNumber: number) =>
    readMessage({ position: positionOf(sequenceNumber), body: Buffer.from('no JSON') }, settings)
  const messages = [of(1, 9_998), noJson(2), noJson(3), noJson(4), of(5, 9_999), of(6, 2), of(7, 0)]
  const chunks = buildChunks(messages, new ByteWriter(0))
  expect(chunks.map((chunk) => chunk.tally.records)).toEqual([10_000, 10_000, 2])
  const runs = [messages.slice(0, 3), messages.slice(3, 5), messages.slice(5)]
  // Megabytes of bytes, compared one by one, take a minute; as a text, no time.
  const asText = ({ content, ...others }: Chunk) => ({ ...others, content: content.toString() })
  expect(chunks.map(asText)).toEqual(runs.map(buildChunk).map(asText))
})

test('a message of too many records stands alone, also behind one of none', () => {
  const chunks = buildChunks([of(1, 0), of(2, 10_001), of(3, 0)], new ByteWriter(0))
  expect(chunks.map((chunk) => chunk.messages)).toEqual([1, 1, 1])
})
