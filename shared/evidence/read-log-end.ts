import type { ContainerClient } from '@azure/storage-blob'
import { hasStatus } from '../azure/storage-condition.ts'
import { type Instant, instant } from '../domain/identifiers.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { NEWEST_CHECKPOINT } from './log-layout.ts'

/** Where the log of the archive ends, as its newest checkpoint says. Checks no signature. */
export interface LogEnd {
  readonly origin: string
  /** Number of leaves. */
  readonly size: number
  readonly root: Buffer
  /** Id of the key that signed it; absent: nobody did. */
  readonly keyId: string | undefined
  /** When the checkpoint was written, by the storage's clock. */
  readonly writtenAt: Instant
}

/**
 * Reads the newest checkpoint; `undefined` if there is none that can be read. Rejects with the
 * SDK's errors.
 * @param log container of the log
 */
export async function readLogEnd(log: ContainerClient): Promise<LogEnd | undefined> {
  try {
    const { readableStreamBody, lastModified } = await log.getBlockBlobClient(NEWEST_CHECKPOINT).download()
    const blocks: Buffer[] = []
    for await (const block of readableStreamBody ?? []) blocks.push(block as Buffer)
    const checkpoint = parseCheckpoint(Buffer.concat(blocks))
    if (checkpoint === undefined) return undefined
    const { origin, size, root, note } = checkpoint
    const writtenAt = instant(lastModified?.getTime() ?? 0)
    return { origin, size, root, keyId: note.signatures[0]?.keyId, writtenAt }
  } catch (error) {
    if (hasStatus(error, 404)) return undefined
    throw error
  }
}
