import type { ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type PartitionInfoClient,
  partitionProgress,
} from '../../../shared/operations/status/partition-lag.ts'
import { type AzuriteStores, azuriteStores } from '../../support/azurite-stores.ts'

let stores: AzuriteStores
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())

const ENQUEUED = new Date('2026-03-01T09:00:00Z')

/** A hub with messages 3 to 9 in partition 0, and none in any other. */
const hubOf = (...partitions: readonly string[]): PartitionInfoClient => ({
  fullyQualifiedNamespace: 'Risk.ServiceBus.windows.net',
  eventHubName: 'Entra-Risk',
  getPartitionIds: async () => [...partitions],
  getPartitionProperties: async (partitionId) => ({
    eventHubName: 'Entra-Risk',
    partitionId,
    beginningSequenceNumber: 3,
    lastEnqueuedSequenceNumber: partitionId === '0' ? 9 : -1,
    lastEnqueuedOffset: '0',
    lastEnqueuedOnUtc: ENQUEUED,
    isEmpty: partitionId !== '0',
  }),
})

/** Where the Functions host keeps the checkpoint of a partition. */
const nameOf = (partition: string, namespace = 'risk.servicebus.windows.net') =>
  `${namespace}/entra-risk/$default/checkpoint/${partition}`

async function hostWith(checkpoints: Readonly<Record<string, Record<string, string>>>) {
  const host = await stores.container()
  for (const [name, metadata] of Object.entries(checkpoints))
    await host.getBlockBlobClient(name).upload('', 0, { metadata })
  return host
}
const checkpointsOf = async (host: ContainerClient, ...partitions: readonly string[]) =>
  (await partitionProgress(hubOf(...partitions), host, '$Default')).map(({ checkpoint }) => checkpoint)

describe('how far the app has come in each partition', () => {
  it('is told by the hub and the checkpoints of the host', async () => {
    const host = await hostWith({ [nameOf('0')]: { sequencenumber: '7' } })
    expect(await partitionProgress(hubOf('0', '1'), host, '$Default')).toEqual([
      {
        partition: '0',
        firstSequenceNumber: 3,
        lastSequenceNumber: 9,
        isEmpty: false,
        lastEnqueuedAt: ENQUEUED.getTime(),
        checkpoint: 7,
      },
      {
        partition: '1',
        firstSequenceNumber: 3,
        lastSequenceNumber: -1,
        isEmpty: true,
        lastEnqueuedAt: undefined,
        checkpoint: undefined,
      },
    ])
  })

  it('is not told by checkpoints of another namespace, hub or group', async () => {
    const host = await hostWith({
      [nameOf('0', 'other.servicebus.windows.net')]: { sequencenumber: '1' },
      [nameOf('0').replace('entra-risk', 'other')]: { sequencenumber: '2' },
      [nameOf('0').replace('$default', 'other')]: { sequencenumber: '3' },
    })
    expect(await checkpointsOf(host, '0')).toEqual([undefined])
  })

  it('is unknown where a checkpoint does not tell', async () => {
    const host = await hostWith({
      [nameOf('0')]: {},
      [nameOf('1')]: { sequencenumber: 'x7' },
      [nameOf('2')]: { sequencenumber: '7x' },
      [nameOf('3')]: { sequencenumber: '12345678901234567' },
      [nameOf('4')]: { sequencenumber: '-1' },
    })
    expect(await checkpointsOf(host, '0', '1', '2', '3', '4')).toEqual([
      'unknown',
      'unknown',
      'unknown',
      'unknown',
      -1,
    ])
  })

  it('is nowhere before the host has written its first checkpoint', async () => {
    const host = await stores.container()
    await host.delete()
    expect(await checkpointsOf(host, '0')).toEqual([undefined])
  })

  it('cannot be told where the host storage does not answer', async () => {
    const denied = Object.assign(new Error('no'), { statusCode: 403 })
    const host = {
      async *listBlobsFlat() {
        yield* []
        throw denied
      },
    } as unknown as ContainerClient
    await expect(checkpointsOf(host, '0')).rejects.toBe(denied)
  })
})
