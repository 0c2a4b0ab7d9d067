import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildChunk } from '../../../shared/archive/chunk.ts'
import { parseLine } from '../../../shared/archive/parse-line.ts'
import { digest } from '../../../shared/encoding/digest.ts'
import { linesOf } from '../../../shared/evidence/blob-content.ts'
import { Rereading } from '../../../shared/evidence/verify/rereading.ts'
import { SameLines } from '../../../shared/evidence/verify/same-lines.ts'
import { readMessage } from '../../../shared/source/read-message.ts'
import { anyBody } from '../../property/source-arbitraries.ts'
import { messageOf, settings } from '../../source/reading-under-test.ts'
import { runLength } from '../../support/run-length.ts'

const EVENT =
  '{"category":"ServicePrincipalRiskEvents","properties":{"id":"a","riskEventType":"leakedCredentials","riskLevel":"high","servicePrincipalId":"b","lastUpdatedDateTime":"2026-11-02T08:00:00Z","more":"é"}}'
const FAULT = '{"category":"ServicePrincipalRiskEvents","properties":{}}'
const SETTINGS = { ...settings, includeUserRisk: true }

const chunkOf = (...bodies: readonly Buffer[]) =>
  buildChunk(bodies.map((body) => readMessage(messageOf(body), SETTINGS)))
const linesWith = (...records: readonly string[]): readonly Buffer[] => [
  ...linesOf(chunkOf(Buffer.from(`{"records":[${records.join()}]}`)).content),
]
const sameIn = (lines: readonly Buffer[]) => {
  const known = new SameLines(new Rereading())
  return lines.map((line) => known.same(line, SETTINGS))
}

describe('a line that is what this program writes of its record', () => {
  it('is known without being parsed: events and faults', () => {
    const found = sameIn(linesWith(EVENT, FAULT, EVENT))
    expect(found).toMatchObject([
      { kind: 'event', ordinal: 0, of: 3, digest: digest(EVENT) },
      { kind: 'fault', ordinal: 1, of: 3, digest: digest(FAULT) },
      { kind: 'event', ordinal: 2, of: 3, digest: digest(EVENT) },
    ])
  })

  it('is what parsing it tells, for any bytes that the hub may bring', () => {
    fc.assert(
      fc.property(fc.array(anyBody, { minLength: 1, maxLength: 4 }), (bodies) => {
        const chunk = chunkOf(...bodies)
        const lines = [...linesOf(chunk.content)]
        for (const [number, same] of sameIn(lines).entries()) {
          if (same === undefined) continue
          const line = parseLine(lines[number] as Buffer, chunk.blob, number)
          if (line.kind !== 'event' && line.kind !== 'fault') throw new Error(line.kind)
          const { kind, position, ordinal, of, record } = line
          expect(same).toEqual({ kind, position, ordinal, of, digest: digest(record) })
        }
      }),
      { numRuns: runLength(100, 300) },
    )
  })

  it('is another with any other byte behind its place, one less or one more', () => {
    const [line] = linesWith(EVENT) as [Buffer]
    const end = line.indexOf(',"origin":')
    for (let at = end; at < line.length; at += 1)
      for (const change of [1, 0x20, 0x80]) {
        const other = Buffer.from(line)
        other[at] = (other[at] as number) ^ change
        expect(sameIn([other]), `byte ${at}`).toEqual([undefined])
      }
    expect(sameIn([line.subarray(0, -1), Buffer.concat([line, Buffer.from(' ')])])).toEqual([
      undefined,
      undefined,
    ])
  })

  it('is not known if it was written otherwise: spaces, another order, a head that no line has', () => {
    const [line] = linesWith(EVENT) as [Buffer]
    const text = line.toString()
    const others = [
      text.replace('{"v":1', '{ "v":1'),
      text.replace('"ordinal":0', '"ordinal":00'),
      text.replace('"of":1', '"of":"1"'),
      text.replace(/"bodyBytes":\d+/, '"bodyBytes":null'),
      text.replace(/"sequenceNumber":\d+/, '"sequenceNumber":"1"'),
      text.replace(/"position":\{[^}]*\}/, '"position":{}'),
      text.replace(/"position":\{[^}]*\}/, '"position":null'),
      text.replace(/"enqueuedAt":"[^"]*"/, '"enqueuedAt":"never"'),
      text.replace(/"namespace":"[^"]*"/, '"namespace":7'),
      text.replace(/("digest":"[^"]*"),("factKey":"[^"]*")/, '$2,$1'),
      text.replace('"recordBytes":', '"recordBytes":9'),
      '',
      '{"v":1}',
    ]
    for (const other of others) {
      expect(other).not.toBe(text)
      expect(sameIn([Buffer.from(other), line]), other).toMatchObject([undefined, { kind: 'event' }])
    }
  })
})
