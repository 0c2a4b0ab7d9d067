import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdCounter } from '../../../../local/checks/bench/id-counter.ts'
import { IdSet } from '../../../../local/checks/bench/id-set.ts'

const uint32 = fc.nat({ max: 0xffff_ffff })

describe('a set of ids', () => {
  it('holds as many as there are distinct ones', () => {
    // Few lower halves, so that many want the same slot; zero, which marks an empty one.
    const id = fc.tuple(fc.oneof(fc.constant(0), uint32), fc.oneof(fc.nat({ max: 3 }), uint32))
    fc.assert(
      fc.property(fc.array(id, { maxLength: 200 }), (ids) => {
        const set = new IdSet()
        for (const [high, low] of ids) set.add(high, low)
        expect(set.size).toBe(new Set(ids.map(String)).size)
      }),
    )
  })

  it('still knows every id after it has grown', () => {
    const set = new IdSet()
    const addAll = (): void => {
      for (let i = 0; i < 200_000; i++) set.add(i, Math.imul(i, 0x9e3779b1) >>> 0)
    }
    addAll()
    addAll()
    expect(set.size).toBe(200_000)
  })
})

describe('a counter of ids', () => {
  const idOf = (n: number): string => createHash('sha256').update(String(n)).digest('hex')
  const bodyOf = (ids: readonly string[]): Buffer =>
    gzipSync(ids.map((id) => `{"text":"Zürich","EventId":"${id}","FactKey":"${id}"}`).join(','))

  it('counts each id once, however often it comes and in however many requests', () => {
    const counter = new IdCounter('"EventId":"')
    const ids = Array.from({ length: 3000 }, (_, n) => idOf(n))
    const bodies = [bodyOf(ids.slice(0, 2000)), bodyOf(ids.slice(1000))]
    for (const body of bodies) counter.take(body)
    expect(counter.count()).toEqual({
      distinct: 3000,
      requests: 2,
      wireBytes: bodies.reduce((sum, { byteLength }) => sum + byteLength, 0),
    })
  })

  it('tells apart ids of which only the sixteenth digit differs', () => {
    const counter = new IdCounter('"EventId":"')
    counter.take(bodyOf(['0123456789abcde0', '0123456789abcdef', '0123456789ABCDEF']))
    expect(counter.count().distinct).toBe(2)
  })

  it('counts nothing in a body without ids', () => {
    const counter = new IdCounter('"EventId":"')
    counter.take(gzipSync(''))
    expect(counter.count()).toMatchObject({ distinct: 0, requests: 1 })
  })
})
