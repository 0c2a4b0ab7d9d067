import { describe, expect, it } from 'vitest'
import { DuplicateWindow } from '../../shared/delivery/duplicate-window.ts'
import { placed } from '../support/placed-events.ts'

describe('duplicate window', () => {
  it('knows an event that came again from another place', () => {
    const window = new DuplicateWindow()
    window.add([placed(1, { id: 'same' })], 0)
    expect(window.isDuplicate(placed(2, { id: 'same' }), 1)).toBe(true)
  })

  it('does not take a batch that is run again for its own duplicate', () => {
    const window = new DuplicateWindow()
    window.add([placed(1, { id: 'same' })], 0)
    expect(window.isDuplicate(placed(1, { id: 'same' }), 1)).toBe(false)
  })

  it('forgets after its time', () => {
    const window = new DuplicateWindow({ maxIds: 10, maxAgeMs: 1000 })
    window.add([placed(1, { id: 'same' })], 0)
    expect(window.isDuplicate(placed(2, { id: 'same' }), 1001)).toBe(false)
  })

  it('forgets the least recent ids first when it is full', () => {
    const window = new DuplicateWindow({ maxIds: 2, maxAgeMs: 1000 })
    window.add([placed(1, { id: 'a' }), placed(2, { id: 'b' })], 0)
    window.add([placed(1, { id: 'a' })], 1)
    window.add([placed(3, { id: 'c' })], 2)
    expect(['a', 'b', 'c'].map((id) => window.isDuplicate(placed(9, { id }), 3))).toEqual([true, false, true])
  })
})
