import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemTime } from '../../../shared/composition/system-time.ts'
import { outboxPartitionOf } from '../../../shared/delivery/outbox/outbox.ts'
import { parseWakeUp } from '../../../shared/delivery/outbox/parse-wake-up.ts'
import { wakeUpQueue } from '../../../shared/delivery/outbox/wake-up-queue.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'
import { type AzuriteStores, azuriteStores } from '../../support/azurite-stores.ts'

let stores: AzuriteStores
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())

describe('the wake-up on a queue', () => {
  const outboxPartition = {
    ...outboxPartitionOf('webhook', archivedEventAt(0).position),
    namespace: 'Zürich 漢"\\',
  }

  it('names the partition, in plain text as host.json says, and in no field that the trigger would take for its own', async () => {
    const queue = await stores.queue()
    await wakeUpQueue(queue, systemTime).send(outboxPartition, 0)
    const [message] = (await queue.receiveMessages()).receivedMessageItems
    const send: unknown = JSON.parse(message?.messageText ?? '')
    expect(parseWakeUp(send)).toEqual(outboxPartition)
    expect(Object.keys(send as object)).toEqual(['outboxPartition'])
  })

  it('does not go away by itself', async () => {
    const queue = await stores.queue()
    await wakeUpQueue(queue, systemTime).send(outboxPartition, 0)
    const [message] = (await queue.receiveMessages()).receivedMessageItems
    expect(message?.expiresOn.getUTCFullYear()).toBeGreaterThan(9000)
  })

  it('stays silent until the delay is over, never comes early, and takes delays beyond what a queue can hold', async () => {
    const queue = await stores.queue()
    const before = Date.now()
    await wakeUpQueue(queue, systemTime).send(outboxPartition, 1001)
    await wakeUpQueue(queue, systemTime).send(outboxPartition, 30 * 24 * 3600 * 1000)
    expect((await queue.receiveMessages()).receivedMessageItems).toEqual([])
    const sent = (await queue.getProperties()).approximateMessagesCount
    expect(sent).toBe(2)
    while ((await queue.peekMessages()).peekedMessageItems.length === 0) {
      if (Date.now() - before > 10_000) throw new Error('It never rang.')
    }
    expect(Date.now() - before).toBeGreaterThanOrEqual(1001 - 50)
  })

  it('throws a durability error where there is no queue', async () => {
    const queue = await stores.queue()
    await queue.delete()
    await expect(wakeUpQueue(queue, systemTime).send(outboxPartition, 0)).rejects.toMatchObject({
      name: 'DurabilityError',
    })
  })
})
