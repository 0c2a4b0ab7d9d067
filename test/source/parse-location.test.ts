import { expect, it } from 'vitest'
import type { Json } from '../../shared/encoding/json.ts'
import { parseLocation } from '../../shared/source/parse-location.ts'

const VALUES: readonly (readonly [Json, Json | undefined])[] = [
  [{ city: 'a' }, { city: 'a' }],
  [{}, {}],
  ['{"city":"a"}', { city: 'a' }],
  ['a city', 'a city'],
  ['["a city"]', '["a city"]'],
  ['{"city"', '{"city"'],
  ['null', undefined],
  [null, undefined],
  [['a city'], undefined],
  [5, undefined],
  [true, undefined],
]

it.each(VALUES)('the location in %j is %j', (value, location) => {
  expect(parseLocation(value)).toEqual(location)
})
