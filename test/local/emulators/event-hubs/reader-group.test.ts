import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReaderGroup, type GroupReader } from '../../../../local/emulators/event-hubs/reader-group.ts'

test('who may read follows the rules of owner levels, whoever comes and goes', () => {
  const step = fc.record({ leaves: fc.boolean(), epoch: fc.option(fc.nat({ max: 3 }), { nil: undefined }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const group = createReaderGroup()
      let present: GroupReader[] = []
      for (const { leaves, epoch } of steps) {
        const [oldest] = present
        if (leaves && oldest !== undefined) {
          group.leave(oldest)
          present = present.slice(1)
          continue
        }
        const others = [...present]
        const reader: GroupReader = {
          name: 'reader',
          epoch,
          disconnect: () => {
            present = present.filter((one) => one !== reader)
          },
        }
        const highest = Math.max(-1, ...others.map((one) => one.epoch ?? -1))
        const isFree = epoch === undefined ? highest < 0 && others.length < 5 : epoch >= highest
        const refusal = group.admit(reader)
        expect(refusal === undefined).toBe(isFree)
        if (refusal === undefined) present.push(reader)
        const stays = refusal === undefined && epoch !== undefined ? [] : others
        expect(present).toEqual(refusal === undefined ? [...stays, reader] : others)
      }
    }),
  )
})
