import { describe, expect, it } from 'vitest'
import { parseWakeUp } from '../../../shared/delivery/outbox/parse-wake-up.ts'
import { wakeUpText } from '../../../shared/delivery/outbox/wake-up-queue.ts'

const NAMED = { sink: 'webhook', namespace: 'ns', hub: 'hub', partition: '0' }
const PARTS = ['sink', 'namespace', 'hub', 'partition'] as const

describe('a wake-up', () => {
  it('names the outbox partition that it was sent for', () => {
    expect(parseWakeUp(JSON.parse(wakeUpText(NAMED)))).toEqual(NAMED)
  })

  it.each(['no JSON', 7, null, undefined, {}, { outboxPartition: null }, { outboxPartition: 'webhook' }])(
    'is none of ours, and throws nothing: %j',
    (message) => {
      expect(parseWakeUp(message)).toBeUndefined()
    },
  )

  describe.each(PARTS)('names no outbox partition by a %s', (part) => {
    const named = (value: unknown) => parseWakeUp({ outboxPartition: { ...NAMED, [part]: value } })

    it.each([undefined, null, 0, ['0']])('that is no text: %j', (value) => {
      expect(named(value)).toBeUndefined()
    })

    it('that no table key can hold', () => {
      expect(named('\ud800')).toBeUndefined()
    })

    it('that is too long for a table key', () => {
      const others = PARTS.filter((other) => other !== part).map((other) => NAMED[other])
      const room = 512 - [...others, ''].join('|').length
      expect(named('x'.repeat(room))).toEqual({ ...NAMED, [part]: 'x'.repeat(room) })
      expect(named('x'.repeat(room + 1))).toBeUndefined()
    })
  })
})
