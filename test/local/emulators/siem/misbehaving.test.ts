import { expect, test } from 'vitest'
import {
  hang,
  refuse,
  resetAfterStoring,
  resetBeforeStoring,
  slow,
} from '../../../../local/emulators/http/receiver-step.ts'
import type { StoredRequest } from '../../../../local/emulators/http/stored-request.ts'
import { smallBatch } from '../../../contract/sink-fixture.ts'
import { never } from '../../../sinks/webhook/webhook-under-test.ts'
import { until } from '../../../support/until.ts'
import { siem } from './siem-under-test.ts'

const { start, sink } = siem()

const aimed = async (changes: Parameters<typeof start>[0] = {}) => {
  const receiver = await start(changes)
  const webhook = sink(receiver)
  return { receiver, webhook, batch: smallBatch(webhook) }
}

test('a script is played one step a request, and then all is well', async () => {
  const { receiver, webhook, batch } = await aimed()
  receiver.script(refuse(503, { 'retry-after': '7' }, 'busy'), resetBeforeStoring, slow(5))
  expect(await webhook.deliver(batch, never)).toMatchObject({ fault: { status: 503, retryAfterMs: 7000 } })
  expect(await webhook.deliver(batch, never)).toMatchObject({ fault: { code: 'unreachable' } })
  expect(receiver.received()).toBe(0)
  expect(await webhook.deliver(batch, never)).toMatchObject({ status: 'delivered' })
  expect(await webhook.deliver(batch, never)).toMatchObject({ status: 'delivered' })
  expect([receiver.requests(), receiver.received()]).toEqual([4, 6])
})

test('a reset after storing leaves the sender in doubt and the events there', async () => {
  const { receiver, webhook, batch } = await aimed()
  receiver.script(resetAfterStoring)
  expect(await webhook.deliver(batch, never)).toMatchObject({ fault: { scope: 'transient' } })
  expect(receiver.received()).toBe(3)
})

test('a conforming receiver stores a repeated request once, and never drops a remainder', async () => {
  const { receiver, webhook, batch } = await aimed({ dropRepeatedRequests: true })
  receiver.script(resetAfterStoring)
  await webhook.deliver(batch, never)
  expect(await webhook.deliver(batch, never)).toMatchObject({ status: 'delivered' })
  expect([receiver.received(), receiver.repeatedRequests()]).toEqual([3, 1])
  expect(await webhook.deliver(batch.slice(1), never)).toMatchObject({ status: 'delivered' })
  expect([receiver.received(), receiver.repeatedRequests()]).toEqual([5, 1])
})

test('a request that was refused is no repetition when it comes again', async () => {
  const { receiver, webhook, batch } = await aimed({ dropRepeatedRequests: true })
  receiver.script(refuse(401))
  await webhook.deliver(batch, never)
  expect(await webhook.deliver(batch, never)).toMatchObject({ status: 'delivered' })
  expect([receiver.received(), receiver.repeatedRequests()]).toEqual([3, 0])
})

test('it refuses everything, the check too, until it is told otherwise', async () => {
  const { receiver, webhook, batch } = await aimed()
  receiver.always(refuse(401))
  expect(await webhook.deliver(batch, never)).toMatchObject({ fault: { code: 'unauthorized' } })
  expect(await webhook.check(never)).toMatchObject({ code: 'unauthorized' })
  receiver.always(undefined)
  expect(await webhook.deliver(batch, never)).toMatchObject({ status: 'delivered' })
  expect(await webhook.check(never)).toBeUndefined()
})

test('a request that hangs is never answered', async () => {
  const { receiver, webhook, batch } = await aimed()
  receiver.always(hang)
  const timeout = new AbortController()
  const outcomes = Promise.all([webhook.deliver(batch, timeout.signal), webhook.check(timeout.signal)])
  await until(() => receiver.requests() === 1)
  timeout.abort()
  expect(await outcomes).toMatchObject([{ fault: { code: 'timeout' } }, { code: 'timeout' }])
  expect(receiver.received()).toBe(0)
})

test('a frozen receiver serves after the thaw what it has read', async () => {
  const { receiver, webhook, batch } = await aimed()
  receiver.freeze()
  const timeout = new AbortController()
  const outcome = webhook.deliver(batch, timeout.signal)
  await until(() => receiver.requests() === 1)
  timeout.abort()
  expect(await outcome).toMatchObject({ fault: { code: 'timeout' } })
  receiver.freeze()
  const second = webhook.check(AbortSignal.timeout(100))
  expect(await second).toMatchObject({ code: 'timeout' })
  expect(receiver.received(), 'a second freeze does not let go of what the first one holds').toBe(0)
  receiver.thaw()
  await until(() => receiver.received() === 3)
  expect(await webhook.deliver(batch, never)).toMatchObject({ status: 'delivered' })
})

test('whether the answer to what was stored was handed over is told too', async () => {
  const told: StoredRequest[] = []
  const { receiver, webhook, batch } = await aimed({ onStored: (stored) => told.push(stored) })
  receiver.script(slow(5), resetAfterStoring, refuse(503))
  for (const _ of [1, 2, 3, 4]) await webhook.deliver(batch, never)
  expect(await Promise.all(told.map(({ answered }) => answered))).toEqual([true, false, true])
})
