import { gunzipSync } from 'node:zlib'
import type { ContainerClient } from '@azure/storage-blob'
import { expandLines } from '../../../shared/delivery/outbox/line-ranges.ts'
import type { Outbox } from '../../../shared/delivery/outbox/outbox.ts'
import type { StoredBlob } from '../verify/archive-line.ts'
import type { Letter, Pointer } from '../verify/evidence.ts'
import { parseLetters } from '../verify/parse-letters.ts'

/** Names of all blobs in a container, sorted. */
export async function blobNames(container: ContainerClient): Promise<readonly string[]> {
  const names: string[] = []
  for await (const blob of container.listBlobsFlat()) names.push(blob.name)
  return names.sort()
}

/** All that the archive has. */
export async function storedBlobs(archive: ContainerClient): Promise<readonly StoredBlob[]> {
  const blobs: StoredBlob[] = []
  for (const name of await blobNames(archive)) {
    const bytes = await archive.getBlockBlobClient(name).downloadToBuffer()
    blobs.push({ name, content: gunzipSync(bytes) })
  }
  return blobs
}

/** What the ledger still owes. */
export async function owedPointers(outbox: Pick<Outbox, 'owing' | 'rows'>): Promise<readonly Pointer[]> {
  const pointers: Pointer[] = []
  for (const { page, rows } of await outbox.owing()) {
    for (const row of await outbox.rows(page, rows)) {
      for (const line of expandLines(row.lines)) pointers.push({ sink: page.sink, blob: row.blob, line })
    }
  }
  return pointers
}

/** What lies among the dead letters. */
export async function deadLetters(container: ContainerClient): Promise<readonly Letter[]> {
  const letters: Letter[] = []
  for (const name of await blobNames(container)) {
    if (name.endsWith('.jsonl')) {
      const body = await container.getBlockBlobClient(name).downloadToBuffer()
      letters.push(...parseLetters(body.toString()))
    }
  }
  return letters
}
