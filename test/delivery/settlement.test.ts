import { describe, expect, it } from 'vitest'
import { checkConserved, NO_OUTCOMES, type Outcomes } from '../../shared/delivery/settlement.ts'
import { transientFault } from '../../shared/domain/fault.ts'
import { InvariantError } from '../../shared/domain/invariant-error.ts'
import { archivedEventsAt } from '../support/archived-event-at.ts'

const EVENTS = archivedEventsAt(1, 2)
const OTHERS = archivedEventsAt(1, 2)
const refused = EVENTS.map((archived) => ({ archived, fault: transientFault('unavailable', 'down') }))

describe('the events at one sink', () => {
  it.each<[string, Partial<Outcomes>]>([
    ['delivered', { delivered: EVENTS }],
    ['pending', { pending: refused }],
    ['dead-lettered', { deadLettered: refused }],
    ['duplicates', { duplicate: EVENTS }],
    ['filtered', { filtered: EVENTS }],
    [
      'one of them delivered, the other pending',
      { delivered: EVENTS.slice(0, 1), pending: refused.slice(1) },
    ],
  ])('are conserved if they are %s', (_, outcomes) => {
    expect(() => checkConserved(EVENTS, { ...NO_OUTCOMES, ...outcomes })).not.toThrow()
  })

  it.each<[string, Partial<Outcomes>]>([
    ['none has an outcome', {}],
    ['one has no outcome', { filtered: EVENTS.slice(1) }],
    ['one has two outcomes', { delivered: EVENTS, pending: refused.slice(1) }],
    ['one has two outcomes and the other none', { delivered: EVENTS.slice(1), pending: refused.slice(1) }],
    ['others have outcomes in their place', { delivered: OTHERS }],
  ])('are not conserved if %s', (_, outcomes) => {
    expect(() => checkConserved(EVENTS, { ...NO_OUTCOMES, ...outcomes })).toThrow(InvariantError)
  })
})
