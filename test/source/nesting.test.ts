import { expect, it } from 'vitest'
import type { Json } from '../../shared/encoding/json.ts'
import { nestsDeeperThan } from '../../shared/source/nesting.ts'

const VALUES: readonly (readonly [number, Json])[] = [
  [0, null],
  [0, 'text'],
  [0, 1],
  [1, []],
  [1, {}],
  [1, [1, null, 'text']],
  [1, { a: 1, b: null }],
  [2, [1, []]],
  [2, { a: 1, b: {} }],
  [3, [[], [1, { a: 1 }], 2]],
  [3, { a: { b: 1 }, c: [{}], d: 1 }],
  [4, [{ a: 1 }, { b: [{}] }, []]],
]

it.each(VALUES)('%i levels are what %j has, and no more', (levels, value) => {
  for (let limit = 0; limit < 6; limit += 1) expect(nestsDeeperThan(limit, value)).toBe(limit < levels)
})
