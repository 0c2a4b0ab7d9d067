import { parseCheckpoint } from '../../evidence/checkpoint.ts'
import { parseLeaf, type SealLeaf } from '../../evidence/leaf.ts'
import { NEWEST_CHECKPOINT } from '../../evidence/log-layout.ts'
import type { LogStore } from '../../evidence/log-store.ts'
import { newestBundles } from '../../evidence/seal/newest-leaves.ts'
import type { ProvableBlob } from '../../evidence/verify/provable-log.ts'

/**
 * What the log of the archive says, as it is stored. Nothing of it is checked here: neither
 * signatures nor hashes of the tree.
 */
export interface SealedLog {
  readonly origin: string
  /** Number of leaves. */
  readonly size: number
  /** Base64. */
  readonly root: string
  /** Id of the key that signed the newest checkpoint; absent: nobody did. */
  readonly keyId?: string
  /** The newest seal: what was created before its `settledBefore` is in the log. */
  readonly seal?: SealLeaf
  readonly blobs: ReadonlyMap<string, ProvableBlob>
}

/**
 * Reads the log; `undefined` if there is none.
 * @param wanted which blobs are looked for; default: all
 * @throws EvidenceError if its entries are missing or not whole; the SDK's errors
 */
export async function readSealedLog(
  log: Pick<LogStore, 'read'>,
  wanted: (name: string) => boolean = () => true,
): Promise<SealedLog | undefined> {
  const stored = await log.read(NEWEST_CHECKPOINT)
  const newest = stored === undefined ? undefined : parseCheckpoint(stored)
  if (stored === undefined || newest === undefined) return undefined
  const blobs = new Map<string, ProvableBlob>()
  let seal: SealLeaf | undefined
  let index = newest.size
  for await (const entries of newestBundles(log, newest.size))
    for (const entry of entries.toReversed()) {
      index -= 1
      const leaf = parseLeaf(entry)
      if (leaf?.type === 'seal') seal ??= leaf
      if ((leaf?.type === 'archive' || leaf?.type === 'unreadable') && wanted(leaf.name))
        // The first time it was sealed counts.
        blobs.set(leaf.name, { index, leaf })
    }
  const [signature] = newest.note.signatures
  return {
    origin: newest.origin,
    size: newest.size,
    root: newest.root.toString('base64'),
    ...(signature === undefined ? {} : { keyId: signature.keyId }),
    ...(seal === undefined ? {} : { seal }),
    blobs,
  }
}
