import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRecentMessages } from '../../../../local/emulators/event-hubs/recent-messages.ts'

test('the newest messages are held up to the limit, each under its own sequence number', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 20 }), { maxLength: 3000 }),
      fc.integer({ min: 1, max: 2000 }),
      fc.nat({ max: 50 }),
      (sizes, maxBytes, first) => {
        const recent = createRecentMessages(first, maxBytes)
        const messages = sizes.map((size) => Buffer.alloc(size, size))
        for (const message of messages) recent.push(message)
        let heldBytes = 0
        for (const [at, message] of messages.entries()) {
          const held = recent.get(first + at)
          if (held === undefined) continue
          expect(held).toBe(message)
          heldBytes += held.length
        }
        expect(heldBytes).toBeLessThanOrEqual(maxBytes)
        expect(recent.get(first - 1)).toBeUndefined()
        expect(recent.get(first + messages.length)).toBeUndefined()
      },
    ),
    { numRuns: 50 },
  )
})
