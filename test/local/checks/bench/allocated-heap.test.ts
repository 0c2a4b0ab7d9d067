import { expect, it } from 'vitest'
import { countAllocatedHeap } from '../../../../local/checks/bench/allocated-heap.ts'

const ELEMENTS = 125
/** An array and its elements, eight bytes each. */
const ITEM_BYTES = ELEMENTS * 8 + 48
const ITEMS = 40_000

const template = Array.from({ length: ELEMENTS }, (_, i) => i)
const kept: unknown[] = []
const allocate = (keepEvery: number): void => {
  for (let i = 0; i < ITEMS; i++) {
    const item = template.slice()
    if (i % keepEvery === 0) kept.push(item)
  }
}

it.each([
  ['what is collected meanwhile', ITEMS],
  ['what stays', 3],
])('allocated heap counts %s', (_, keepEvery) => {
  const allocated = countAllocatedHeap()
  allocate(keepEvery)
  const bytes = allocated()
  kept.length = 0
  expect(bytes / ITEMS).toBeGreaterThan(0.95 * ITEM_BYTES)
  expect(bytes / ITEMS).toBeLessThan(1.1 * ITEM_BYTES)
})
