import type { ContainerClient } from '@azure/storage-blob'
import type { Outbox } from '../../../shared/delivery/outbox/outbox.ts'

/** The last message of each partition that has any. */
export type LastMessages = ReadonlyMap<string, number>

/** Checkpoints of the host: the last processed sequence number, by partition. */
export async function checkpoints(container: ContainerClient): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>()
  if (!(await container.exists())) return found
  for await (const blob of container.listBlobsFlat({ includeMetadata: true })) {
    const match = /\/checkpoint\/([^/]+)$/.exec(blob.name)
    const sequenceNumber = Number(blob.metadata?.['sequencenumber'])
    if (match?.[1] !== undefined && Number.isFinite(sequenceNumber)) found.set(match[1], sequenceNumber)
  }
  return found
}

/**
 * Whether the program has processed everything sent: the host's checkpoints are at the end of every
 * partition, and nothing is pending. Asks the storage, not the program.
 */
export async function isSettled(
  last: LastMessages,
  checkpointContainer: ContainerClient,
  outbox: Pick<Outbox, 'pendingPartitions'>,
): Promise<boolean> {
  const reached = await checkpoints(checkpointContainer)
  for (const [partition, sequenceNumber] of last) {
    if ((reached.get(partition) ?? -1) < sequenceNumber) return false
  }
  return (await outbox.pendingPartitions()).length === 0
}
