import { contentOf, linesOf } from '../blob-content.ts'
import { timestampName } from '../log-layout.ts'
import { verifyNote } from '../note.ts'
import type { EvidenceCopy } from './evidence-copy.ts'
import type { Finding } from './finding.ts'
import { checkLog } from './log-check.ts'
import type { RecordProof } from './proof.ts'

/** What came of looking for a record. */
export type Proving =
  | { readonly status: 'proven'; readonly proof: RecordProof }
  | { readonly status: 'noLog' | 'notFound' }
  /** It is archived, but not in the signed log. */
  | { readonly status: 'unsealed'; readonly blob: string }

/** The line of the event in a blob's content. */
function lineOf(content: Buffer, eventId: string): Buffer | undefined {
  const id = Buffer.from(`,"eventId":${JSON.stringify(eventId)},`)
  if (!content.includes(id)) return undefined
  for (const line of linesOf(content)) {
    const at = line.indexOf(id)
    const event = line.indexOf(',"event":')
    if (at !== -1 && at < event) return line
  }
  return undefined
}

/**
 * Finds the event in the archive and makes the proof of its record.
 * @param onBlob called for every blob that was searched
 */
export async function prove(
  copy: EvidenceCopy,
  eventId: string,
  onBlob: (blobs: number) => void,
  signal: AbortSignal,
): Promise<Proving> {
  const findings: Finding[] = []
  const log = await checkLog(copy, { keys: [], anchors: [] }, findings)
  if (log?.newest === undefined) return { status: 'noLog' }
  const indexes = new Map(
    log.leaves.flatMap((leaf, index) => (leaf?.type === 'archive' ? [[leaf.name, index] as const] : [])),
  )
  let blobs = 0
  let unsealed: string | undefined
  for await (const name of copy.archiveNames()) {
    signal.throwIfAborted()
    const stored = await copy.read(name)
    blobs += 1
    onBlob(blobs)
    const content = stored === undefined ? undefined : contentOf(stored)
    const line = content === undefined ? undefined : lineOf(content, eventId)
    if (stored === undefined || line === undefined) continue
    const index = indexes.get(name)
    const leaf = index === undefined ? undefined : log.entries.entries[index]
    const { checkpoint } = log.newest
    if (index === undefined || leaf === undefined || index >= checkpoint.size) {
      unsealed = name
      continue
    }
    const verdict = verifyNote(checkpoint.note, log.keys)
    return {
      status: 'proven',
      proof: {
        line: Buffer.from(line),
        blob: stored,
        leaf,
        index,
        path: log.entries.tree.inclusionProof(index, checkpoint.size),
        checkpoint: (await copy.read(log.newest.name)) ?? Buffer.alloc(0),
        key: verdict.status === 'signed' ? verdict.keys[0] : undefined,
        timestamp: await copy.read(timestampName(checkpoint.size)),
      },
    }
  }
  return unsealed === undefined ? { status: 'notFound' } : { status: 'unsealed', blob: unsealed }
}
