import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spanBytes } from '../../../shared/encoding/span.ts'
import { cutJson, cutText } from '../../../shared/sinks/log-analytics/cut-value.ts'
import { type LogRow, logRow } from '../../../shared/sinks/log-analytics/log-row.ts'
import { anyCodePoint } from '../../support/any-code-point.ts'
import { archived, detection } from '../../support/archived-events.ts'
import { spanText } from '../../support/event-forms.ts'
import { never, receiver } from './receiver.ts'

const { server, sink } = receiver()

const CELL_BYTES = 65_536
const cellsOf = (row: LogRow): Record<string, unknown> => JSON.parse(`{"TimeGenerated":""${spanText(row)}`)
const row = (changes: Parameters<typeof detection>[1]): LogRow =>
  logRow(archived(detection('a', changes)), 1_000_000)

test.each(['x', 'é', '字', '𝄞', '\ud800', '"', '\u0000'])(
  'a request filled to the limit with %j is of exactly the size foretold, and under the limit',
  async (unit) => {
    const target = sink()
    const batch: LogRow[] = []
    for (let n = 0; ; n++) {
      const next = logRow(
        archived(detection(`${n}`, { evidence: unit.repeat(9_000) })),
        target.limits.maxBytes,
      )
      if (target.sizeOf([...batch, next]) > target.limits.maxBytes) break
      batch.push(next)
    }
    expect(await target.deliver(batch, never)).toMatchObject({ status: 'delivered' })
    const [request] = server().requests
    expect(request?.body.length).toBe(target.sizeOf(batch))
    expect(request?.body.length).toBeGreaterThan(target.limits.maxBytes - 60_000)
    expect(request?.body.length).toBeLessThanOrEqual(target.limits.maxBytes)
  },
)

test('a field of 64 KB is sent whole', () => {
  const evidence = 'é'.repeat(CELL_BYTES / 2)
  expect(cellsOf(row({ evidence })).RiskEvidence).toBe(evidence)
})

test('a field over 64 KB is cut between characters, and says so', () => {
  const evidence = `a${'𝄞'.repeat(20_000)}`
  const cell = String(cellsOf(row({ evidence })).RiskEvidence)
  expect(cell).toMatch(/^a(?:𝄞)+…\[cut by risk-export: 80001 bytes\]$/u)
  expect(Buffer.byteLength(cell)).toBeLessThanOrEqual(CELL_BYTES)
  expect(Buffer.byteLength(cell)).toBeGreaterThan(CELL_BYTES - 4)
})

test('a dynamic field over 64 KB becomes an object that says so and shows the beginning', () => {
  const extra = { wide: 'é'.repeat(40_000) }
  const cell = cellsOf(row({ extra })).ExtraFields
  expect(cell).toMatchObject({ cut: true, bytes: 80_011, start: expect.stringMatching(/^\{"wide":"é+$/) })
  expect(Buffer.byteLength(JSON.stringify(cell))).toBeLessThanOrEqual(CELL_BYTES)
})

test('a row that is too large although no field is, is cut further until it fits', () => {
  const text = '\u0000'.repeat(CELL_BYTES)
  const changes = { evidence: text, activity: text, source: text, requestId: text, correlationId: text }
  const large = row(changes)
  expect(spanBytes(large)).toBeLessThan(1_000_000)
  expect(String(cellsOf(large).RiskEvidence)).toContain('[cut by risk-export: 65536 bytes]')
  expect(cellsOf(large).EventId).toBe(detection('a').eventId)
})

const anyText = fc.string({ unit: anyCodePoint, maxLength: 300, size: 'max' })

test('a cut text never exceeds its room and is a beginning of the whole', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 60, max: 200 }), (text, maxBytes) => {
      const cut = cutText(text, maxBytes)
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(maxBytes)
      const kept = cut.slice(0, cut.lastIndexOf('…'))
      expect(Buffer.from(text).toString().startsWith(kept)).toBe(true)
    }),
  )
})

test('a cut value is JSON, never exceeds its room and shows a beginning of the whole', () => {
  fc.assert(
    fc.property(fc.array(anyText), fc.integer({ min: 80, max: 200 }), (value, maxBytes) => {
      const json = JSON.stringify(value)
      const cut = cutJson(json, maxBytes)
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(maxBytes)
      const { start, bytes } = JSON.parse(cut)
      expect(json.startsWith(start)).toBe(true)
      expect(bytes).toBe(Buffer.byteLength(json))
    }),
  )
})
