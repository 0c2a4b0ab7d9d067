import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sideBySide } from '../../shared/pipeline/side-by-side.ts'

const numbers = (count: number): readonly number[] => [...Array(count).keys()]

it('work is begun in its order, each once, and never more at a time than was asked for', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(4), { maxLength: 40 }),
      fc.integer({ min: 1, max: 8 }),
      async (turns, atOnce) => {
        const begun: number[] = []
        let underWay = 0
        let most = 0
        await sideBySide(numbers(turns.length), atOnce, async (n) => {
          begun.push(n)
          most = Math.max(most, ++underWay)
          for (let i = 0; i < (turns[n] ?? 0); i++) await turn()
          underWay--
        })
        expect(begun).toEqual(numbers(turns.length))
        expect(most).toBeLessThanOrEqual(atOnce)
        expect(underWay).toBe(0)
      },
    ),
    { numRuns: 50 },
  )
})

it('once one fails no other is begun, and those under way have ended when it says so', async () => {
  const begun: number[] = []
  const ended: number[] = []
  const work = sideBySide(numbers(100), 4, async (n) => {
    begun.push(n)
    if (n === 2) throw new Error('two')
    for (let i = 0; i < 5; i++) await turn()
    ended.push(n)
  })
  await expect(work).rejects.toThrow('two')
  expect(begun).toEqual([0, 1, 2, 3])
  expect(ended).toEqual([0, 1, 3])
})

it('what is not to go on is left out', async () => {
  const begun: number[] = []
  await sideBySide(
    numbers(100),
    4,
    async (n) => {
      begun.push(n)
      await turn()
    },
    () => begun.length < 10,
  )
  expect(begun).toEqual(numbers(10))
})
