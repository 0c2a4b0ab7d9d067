import { readIfThere } from '../azure/read-bytes.ts'
import { type Instant, instant } from '../domain/identifiers.ts'
import type { LogContainers } from './blob-log-store.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { checkpointName, NEWEST_CHECKPOINT } from './log-layout.ts'

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
 * Reads the newest checkpoint; `undefined` if there is none, or if the container of what nobody may
 * overwrite does not have the same. Rejects with the SDK's errors.
 */
export async function readLogEnd({ log, fixed }: LogContainers): Promise<LogEnd | undefined> {
  const newest = await readIfThere(log, NEWEST_CHECKPOINT)
  const checkpoint = newest === undefined ? undefined : parseCheckpoint(newest.content)
  if (newest === undefined || checkpoint === undefined) return undefined
  const { origin, size, root, note } = checkpoint
  const same = await readIfThere(fixed, checkpointName(size))
  if (same?.content.equals(newest.content) !== true) return undefined
  return {
    origin,
    size,
    root,
    keyId: note.signatures[0]?.keyId,
    writtenAt: instant(same.lastModified?.getTime() ?? 0),
  }
}
