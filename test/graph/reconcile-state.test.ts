import { expect, it } from 'vitest'
import { EMPTY_STATE, parseState } from '../../shared/graph/reconcile-state.ts'

it.each([
  ['nothing', ''],
  ['half a text', '{"v":1,"missingSince":{"a'],
  ['no object', '[1]'],
  ['what a later version wrote', '{"v":2,"missingSince":{"a":1}}'],
  ['times that are none', '{"v":1,"missingSince":{"a":"x"},"sentAt":[1],"historyUntil":null,"report":7}'],
])('takes %s for no state: what is missing is then sent a little later', (_, text) => {
  expect(parseState(text)).toEqual(EMPTY_STATE)
})
