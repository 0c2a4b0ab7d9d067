import { setTimeout as wait } from 'node:timers/promises'
import { parseCommit } from '../../../shared/evidence/commit.ts'
import { firstLeafOf } from '../../../shared/evidence/log-layout.ts'
import { readLogEnd } from '../../../shared/evidence/read-log-end.ts'
import { blobNames } from './collect.ts'
import type { Stores } from './stores.ts'

const POLL_MS = 200

/** Names of the blobs that are in the log, and how many leaves its commits have. */
async function committed({ fixedLog }: Pick<Stores, 'fixedLog'>) {
  const names = new Set<string>()
  let size = 0
  for (const name of await blobNames(fixedLog)) {
    const first = firstLeafOf(name)
    if (first === undefined) continue
    const commit = parseCommit(first, await fixedLog.getBlockBlobClient(name).downloadToBuffer())
    size += commit?.leaves.length ?? 0
    for (const leaf of commit?.leaves ?? []) if (leaf.type === 'archive') names.add(leaf.name)
  }
  return { names, size }
}

/** Waits until every archive blob is in the log and its end is published; `false` on timeout. */
export async function untilSealed(
  stores: Pick<Stores, 'archive' | 'log' | 'fixedLog'>,
  timeoutMs: number,
  nowMs: () => number,
): Promise<boolean> {
  const deadlineMs = nowMs() + timeoutMs
  while (nowMs() < deadlineMs) {
    const { names, size } = await committed(stores)
    const isComplete = (await blobNames(stores.archive)).every((name) => names.has(name))
    if (isComplete && (await readLogEnd({ log: stores.log, fixed: stores.fixedLog }))?.size === size)
      return true
    await wait(POLL_MS)
  }
  return false
}
