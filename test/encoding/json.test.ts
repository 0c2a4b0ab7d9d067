import { expect, test } from 'vitest'
import { assertNever, InvariantError } from '../../shared/domain/invariant-error.ts'
import { isJsonObject } from '../../shared/encoding/json.ts'

test('a JSON object is neither array nor null nor scalar', () => {
  expect(isJsonObject({})).toBe(true)
  for (const other of [[], null, undefined, 'a', 1, true]) expect(isJsonObject(other)).toBe(false)
})

test('a case that cannot be reached is a bug, and says nothing of the value', () => {
  const reach = () => assertNever('secret' as never)
  expect(reach).toThrow(InvariantError)
  expect(reach).not.toThrow(/secret/)
})
