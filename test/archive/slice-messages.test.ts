import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sliceMessages } from '../../shared/archive/slice-messages.ts'

const message = (bytes: number) => ({ body: Buffer.alloc(bytes) })
const sizesOf = (slices: readonly (readonly { readonly body: Uint8Array }[])[]) =>
  slices.map((slice) => slice.map(({ body }) => body.byteLength))
const sum = (sizes: readonly number[]): number => sizes.reduce((a, b) => a + b, 0)

describe('a batch is cut into runs', () => {
  test('that keep every message once, in order, as many together as fit', () => {
    const sizes = fc.array(fc.nat(12), { maxLength: 30 })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 20 }), (bytes, max) => {
        const messages = bytes.map(message)
        const slices = sliceMessages(messages, max)
        expect(slices.flat()).toEqual(messages)
        const runs = sizesOf(slices)
        for (const [i, run] of runs.entries()) {
          expect(run.length).toBeGreaterThan(0)
          expect(run.length === 1 || sum(run) <= max).toBe(true)
          const next = runs[i + 1]?.[0]
          expect(next === undefined || sum(run) + next > max).toBe(true)
        }
      }),
    )
  })

  test('of 2 MB of bodies, a larger one by itself', () => {
    const MB = 1024 * 1024
    expect(
      sizesOf(sliceMessages([message(MB), message(MB), message(1), message(3 * MB), message(2)])),
    ).toEqual([[MB, MB], [1], [3 * MB], [2]])
  })
})
