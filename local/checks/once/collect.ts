import { gunzipSync } from 'node:zlib'
import type { ContainerClient } from '@azure/storage-blob'
import { expandLines } from '../../../shared/delivery/outbox/line-ranges.ts'
import type { Outbox } from '../../../shared/delivery/outbox/outbox.ts'
import type { StoredBlob } from '../verify/archive-line.ts'
import type { DeadLetterEvidence, Pointer } from '../verify/evidence.ts'
import { parseDeadLetterPointers } from '../verify/parse-dead-letters.ts'

/** Names of all blobs in a container, sorted. */
export async function blobNames(container: ContainerClient): Promise<readonly string[]> {
  const names: string[] = []
  for await (const blob of container.listBlobsFlat()) names.push(blob.name)
  return names.sort()
}

/** All archive blobs. */
export async function storedBlobs(archive: ContainerClient): Promise<readonly StoredBlob[]> {
  const blobs: StoredBlob[] = []
  for (const name of await blobNames(archive)) {
    const bytes = await archive.getBlockBlobClient(name).downloadToBuffer()
    blobs.push({ name, content: gunzipSync(bytes) })
  }
  return blobs
}

/** Everything pending in the outbox. */
export async function pendingPointers(
  outbox: Pick<Outbox, 'pendingPartitions' | 'rows'>,
): Promise<readonly Pointer[]> {
  const pointers: Pointer[] = []
  for (const { outboxPartition, rows } of await outbox.pendingPartitions()) {
    for (const row of await outbox.rows(outboxPartition, rows)) {
      for (const line of expandLines(row.lines))
        pointers.push({ sink: outboxPartition.sink, blob: row.blob, line })
    }
  }
  return pointers
}

/** All dead letters. */
export async function deadLetters(container: ContainerClient): Promise<readonly DeadLetterEvidence[]> {
  const deadLetters: DeadLetterEvidence[] = []
  for (const name of await blobNames(container)) {
    if (name.endsWith('.jsonl')) {
      const body = await container.getBlockBlobClient(name).downloadToBuffer()
      deadLetters.push(...parseDeadLetterPointers(body.toString()))
    }
  }
  return deadLetters
}
