import type { ContainerClient } from '@azure/storage-blob'
import { instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import type { Time } from '../../domain/time.ts'

/**
 * Keeps a queue message that the host gave up on, byte for byte, as
 * `v1/poison/YYYY-MM-DD/<id>.txt`. Throws what the SDK throws: the host then runs it again.
 */
export async function keepPoisonMessage(
  container: Pick<ContainerClient, 'getBlockBlobClient'>,
  message: Uint8Array,
  time: Pick<Time, 'now'>,
  newId: () => string,
): Promise<void> {
  const name = `v1/poison/${isoInstant(instant(time.now())).slice(0, 10)}/${newId()}.txt`
  await container.getBlockBlobClient(name).upload(Buffer.from(message), message.byteLength)
}
