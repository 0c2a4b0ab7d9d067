import type { ContainerClient } from '@azure/storage-blob'
import type { ArchiveLine } from '../../shared/archive/archive-line.ts'
import { readBlob } from '../../shared/archive/reader.ts'
import { expandLines } from '../../shared/delivery/line-ranges.ts'
import type { Outbox } from '../../shared/delivery/outbox.ts'
import type { Pointer } from './evidence.ts'
import { parsePointers } from './parse-pointers.ts'

/** Names of all blobs in a container, sorted. */
export async function blobNames(container: ContainerClient): Promise<readonly string[]> {
  const names: string[] = []
  for await (const blob of container.listBlobsFlat()) names.push(blob.name)
  return names.sort()
}

/** Every line of the archive. */
export async function archiveLines(
  container: ContainerClient,
  names: readonly string[],
): Promise<readonly ArchiveLine[]> {
  const lines: ArchiveLine[] = []
  for (const name of names) for await (const line of readBlob(container, name)) lines.push(line)
  return lines
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
export async function deadPointers(container: ContainerClient): Promise<readonly Pointer[]> {
  const pointers: Pointer[] = []
  for (const name of await blobNames(container)) {
    if (name.endsWith('.jsonl')) {
      const body = await container.getBlockBlobClient(name).downloadToBuffer()
      pointers.push(...parsePointers(body.toString('utf8')))
    }
  }
  return pointers
}
