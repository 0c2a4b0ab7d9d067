import { expect, it } from 'vitest'
import { acceptedBySink } from '../../shared/config/sinks-declared.ts'
import { detection, heartbeat, riskyIdentity } from '../support/archived-events.ts'

const settings = (categories: readonly string[] | undefined) =>
  ({ logAnalytics: undefined, webhook: categories === undefined ? undefined : { categories } }) as Parameters<
    typeof acceptedBySink
  >[0]

it('a sink that is off accepts nothing, since it is not there', () => {
  expect([...acceptedBySink(settings(undefined)).keys()]).toEqual([])
})

it('a sink without categories gets everything', () => {
  const accepts = acceptedBySink(settings([])).get('webhook')
  expect([detection('a'), riskyIdentity('b'), heartbeat('c')].map((event) => accepts?.(event))).toEqual([
    true,
    true,
    true,
  ])
})

it('a sink with categories gets those, and heartbeats whatever they are', () => {
  const accepts = acceptedBySink(settings(['RiskyServicePrincipals'])).get('webhook')
  expect([detection('a'), riskyIdentity('b'), heartbeat('c')].map((event) => accepts?.(event))).toEqual([
    false,
    true,
    true,
  ])
})
