import { checkpointText, parseCheckpoint } from '../checkpoint.ts'
import { type Commit, lastKeyIn } from '../commit.ts'
import { describeBlob } from '../describe-blob.ts'
import { EvidenceError } from '../evidence-error.ts'
import { type Leaf, leafBytes } from '../leaf.ts'
import {
  checkpointName,
  keyPemName,
  NEWEST_CHECKPOINT,
  timestampName,
  verifierKeyName,
} from '../log-layout.ts'
import {
  isSignedBy,
  noteBytes,
  parseBase64,
  publicKeyPem,
  verifierKeyOf,
  verifierKeyText,
  verifyNote,
} from '../note.ts'
import { confirmed, keyIdOfLeaf, type LogHead, putAll } from './log-head.ts'
import type { SealPorts } from './seal-ports.ts'

/** The key that signs the checkpoint of a commit: none that the commit itself announces, but the first. */
const signerOf = (head: LogHead, commit: Commit): string | undefined => {
  const own = lastKeyIn(commit.leaves)
  return head.signer ?? (own === undefined ? undefined : keyIdOfLeaf(own))
}

/**
 * Compares a commit that another process wrote, and did not sign, with the archive: what is signed
 * was checked by the signer.
 */
async function check(commit: Commit, { archive, keys }: SealPorts): Promise<void> {
  const isTrue = async (leaf: Leaf): Promise<boolean> => {
    switch (leaf.type) {
      case 'archive':
      case 'unreadable': {
        const stored = await archive.read(leaf.name)
        return stored !== undefined && leafBytes(describeBlob(leaf.name, stored)).equals(leafBytes(leaf))
      }
      case 'key': {
        const key = await keys?.find(keyIdOfLeaf(leaf))
        return key?.spki.toString('base64') === leaf.publicKey
      }
      case 'partition':
      case 'seal':
        return true
    }
  }
  for (const leaf of commit.leaves) if (!(await isTrue(leaf))) throw new EvidenceError('foreignCommit')
}

/** Signs a checkpoint's text; with no signature for a log without a key. */
async function signed(
  text: string,
  origin: string,
  keyId: string | undefined,
  { keys }: SealPorts,
): Promise<Buffer> {
  if (keyId === undefined) return noteBytes({ text, signatures: [] })
  const key = await keys?.find(keyId)
  if (keys === undefined || key === undefined) throw new EvidenceError('keyLost')
  const signature = await keys.sign(key, Buffer.from(text))
  const verifier = verifierKeyOf(origin, key.spki)
  if (!isSignedBy(text, signature, verifier)) throw new EvidenceError('keyAnswer')
  return noteBytes({ text, signatures: [{ keyName: origin, keyId, signature }] })
}

/** The checkpoint of this text that is already stored, if it is one of ours. */
async function stored(
  name: string,
  text: string,
  { origin, keyId, ports }: { origin: string; keyId: string | undefined; ports: SealPorts },
): Promise<Buffer | undefined> {
  const content = await ports.log.read(name)
  if (content === undefined) return undefined
  const note = parseCheckpoint(content)?.note
  if (note?.text !== text) throw new EvidenceError('damaged')
  const key = keyId === undefined ? undefined : await ports.keys?.find(keyId)
  const known = key === undefined ? [] : [verifierKeyOf(origin, key.spki)]
  const { status } = verifyNote(note, known)
  if (status !== (keyId === undefined ? 'unsigned' : 'signed')) throw new EvidenceError('notOurs')
  return content
}

async function writeTimestamp(size: number, checkpoint: Buffer, ports: SealPorts): Promise<void> {
  const { timestamp, log, onProblem, signal } = ports
  if (timestamp === undefined || (await log.read(timestampName(size))) !== undefined) return
  try {
    await log.create(timestampName(size), await timestamp(checkpoint, signal))
  } catch (error) {
    onProblem('timestampMissing', error)
  }
}

async function writeKeys(commit: Commit, origin: string, { log }: SealPorts): Promise<void> {
  for (const leaf of commit.leaves) {
    const spki = leaf.type === 'key' ? parseBase64(leaf.publicKey) : undefined
    if (spki === undefined) continue
    await log.put(keyPemName(spki), Buffer.from(publicKeyPem(spki)))
    await log.put(verifierKeyName(spki), Buffer.from(`${verifierKeyText(verifierKeyOf(origin, spki))}\n`))
  }
}

/**
 * Completes a commit that is written: tiles, signature, checkpoint. Every step may be repeated, by
 * anyone: only the text that is signed matters, and the commit fixes it.
 * @param isOwn whether this process wrote the commit
 * @returns the head after it
 */
export async function finish(
  head: LogHead,
  commit: Commit,
  ports: SealPorts,
  isOwn: boolean,
): Promise<LogHead> {
  const { log, failpoint } = ports
  const { edge, origin } = head
  const keyId = signerOf(head, commit)
  const full = commit.entries.flatMap((entry) => edge.append(entry))
  const { size } = edge
  const name = checkpointName(size)
  const text = checkpointText({ origin, size, root: edge.root() })
  let checkpoint = await stored(name, text, { origin, keyId, ports })
  if (checkpoint === undefined && !isOwn) await check(commit, ports)
  await putAll(log, [...full, ...edge.partial()])
  await writeKeys(commit, origin, ports)
  await failpoint('tilesWritten')
  if (checkpoint === undefined) {
    checkpoint = await signed(text, origin, keyId, ports)
    if ((await log.create(name, checkpoint)) === 'other')
      checkpoint = (await stored(name, text, { origin, keyId, ports })) ?? checkpoint
    await failpoint('checkpointWritten')
  }
  await writeTimestamp(size, checkpoint, ports)
  await log.advance(
    NEWEST_CHECKPOINT,
    checkpoint,
    async (existing) => ((await confirmed(log, existing))?.size ?? 0) > size,
  )
  await failpoint('newestWritten')
  const announced = lastKeyIn(commit.leaves)
  return { origin, edge, signer: announced === undefined ? keyId : keyIdOfLeaf(announced) }
}
