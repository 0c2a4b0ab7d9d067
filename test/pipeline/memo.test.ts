import { expect, it } from 'vitest'
import { memo } from '../../shared/pipeline/memo.ts'

it('a value is made once for all who ask, and again only after a failure', async () => {
  let made = 0
  const ask = memo(async () => {
    made += 1
    if (made === 1) throw new Error('not yet')
    return made
  })
  await expect(ask()).rejects.toThrow('not yet')
  expect(await Promise.all([ask(), ask()])).toEqual([2, 2])
  expect(await ask()).toBe(2)
})
