import { describe, expect, it } from 'vitest'
import type { Item } from '../../../shared/delivery/send/deliveries.ts'
import { Refusals } from '../../../shared/delivery/send/refusals.ts'
import { RefusedAlone } from '../../../shared/delivery/send/refused-alone.ts'
import { recordFault } from '../../../shared/domain/fault.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'

const NO = recordFault('payloadRefused', 'no')

const itemAt = (n: number, route = ''): Item => {
  const archived = archivedEventAt(n)
  return { archived, encoded: { eventId: archived.event.eventId, route } }
}

describe('an event that was refused alone', () => {
  it('is judged anew when it comes again after it was found to be bad', () => {
    const refusals = new Refusals()
    const run = new RefusedAlone(refusals)
    run.refused(itemAt(1), NO)
    run.taken([itemAt(2)])
    expect(run.verdicts()).toMatchObject({ bad: [{ fault: NO }], unproven: [] })
    const retry = new RefusedAlone(refusals)
    retry.refused(itemAt(1), NO)
    expect(retry.verdicts()).toMatchObject({ bad: [], unproven: [{ fault: { code: 'allRefused' } }] })
  })

  it('is as new when it comes again after it was taken', () => {
    const refusals = new Refusals()
    const { encoded } = itemAt(1)
    expect([refusals.noteRefused(encoded), refusals.noteRefused(encoded)]).toEqual([true, false])
    refusals.noteTaken([encoded])
    expect(refusals.noteRefused(encoded)).toBe(true)
  })

  it('stays undecided by a request that brought nothing', () => {
    const run = new RefusedAlone(new Refusals())
    expect(run.areUndecided, 'none was refused').toBe(false)
    run.refused(itemAt(1), NO)
    run.taken([])
    expect(run.areUndecided).toBe(true)
    run.taken([itemAt(2, 'another')])
    expect(run.areUndecided).toBe(false)
  })

  it('is left for later once three like it were refused again, until something is taken', () => {
    const refusals = new Refusals()
    for (const n of [1, 2, 3, 4]) refusals.noteRefused(itemAt(n).encoded)
    const run = new RefusedAlone(refusals)
    const isLeft = [1, 2, 3].map((n) => {
      run.refused(itemAt(n), NO)
      return run.isLeftForLater(itemAt(4))
    })
    expect(isLeft).toEqual([false, false, true])
    expect(run.isLeftForLater(itemAt(5)), 'never refused').toBe(false)
    run.taken([itemAt(6, 'another')])
    expect(run.isLeftForLater(itemAt(4))).toBe(false)
  })

  it('is not left for later because of those that were never refused before', () => {
    const refusals = new Refusals()
    for (const n of [1, 2]) refusals.noteRefused(itemAt(n).encoded)
    const run = new RefusedAlone(refusals)
    for (const n of [1, 3, 4]) run.refused(itemAt(n), NO)
    expect(run.isLeftForLater(itemAt(2))).toBe(false)
  })
})
