import { expect, test } from 'vitest'
import { isJsonObject } from '../../shared/encoding/json.ts'

test('a JSON object is neither array nor null nor scalar', () => {
  expect(isJsonObject({})).toBe(true)
  for (const other of [[], null, undefined, 'a', 1, true]) expect(isJsonObject(other)).toBe(false)
})
