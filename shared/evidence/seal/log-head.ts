import { parseCheckpoint, type SignedCheckpoint } from '../checkpoint.ts'
import { parseCommit } from '../commit.ts'
import { EvidenceError } from '../evidence-error.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { KeyLeaf } from '../leaf.ts'
import { CHECKPOINTS, checkpointName, commitName, NEWEST_CHECKPOINT, sizeOf } from '../log-layout.ts'
import type { LogStore } from '../log-store.ts'
import { keyIdOf, parseBase64, verifierKeyOf, verifyNote } from '../note.ts'
import { ahead } from './ahead.ts'
import { newestLeaves } from './newest-leaves.ts'
import { type LogFile, TreeEdge } from './tree-edge.ts'

const WRITES_AT_ONCE = 8

/** Where a log ends. */
export interface LogHead {
  readonly origin: string
  readonly edge: TreeEdge
  /** Id of the key that signs the next commit's checkpoint; `undefined` if no key has signed yet. */
  readonly signer: string | undefined
}

export const keyIdOfLeaf = ({ publicKey }: KeyLeaf): string =>
  keyIdOf(parseBase64(publicKey) ?? Buffer.alloc(0))

/** Writes tiles and bundles. Whoever else does writes the same. */
export async function putAll(log: LogStore, files: readonly LogFile[]): Promise<void> {
  const writes = ahead(files, WRITES_AT_ONCE, ({ name, content }) => log.put(name, content))
  for await (const _ of writes);
}

/**
 * A checkpoint that anyone might have put where it was found, if the container that nobody may
 * overwrite has the same.
 */
export async function confirmed(
  log: Pick<LogStore, 'read'>,
  content: Buffer | undefined,
): Promise<SignedCheckpoint | undefined> {
  const checkpoint = content === undefined ? undefined : parseCheckpoint(content)
  if (content === undefined || checkpoint === undefined) return undefined
  const fixed = await log.read(checkpointName(checkpoint.size))
  return fixed?.equals(content) === true ? checkpoint : undefined
}

/** The newest checkpoint that is found; the log may have grown since. */
async function newestCheckpoint(log: LogStore): Promise<SignedCheckpoint | undefined> {
  const newest = await confirmed(log, await log.read(NEWEST_CHECKPOINT))
  if (newest !== undefined) return newest
  let last: number | undefined
  for await (const name of log.names(CHECKPOINTS)) last = sizeOf(name) ?? last
  if (last === undefined) return undefined
  const content = await log.read(checkpointName(last))
  const listed = content === undefined ? undefined : parseCheckpoint(content)
  if (listed === undefined) throw new EvidenceError('damaged')
  return listed
}

/**
 * Whether a checkpoint is one of ours. Signing on top of any other would make its history ours.
 * @returns id of the key that signed it; `undefined` if the log is not signed
 */
async function ownSigner(
  { note, origin }: SignedCheckpoint,
  keys: SigningKeys | undefined,
): Promise<string | undefined> {
  const [first] = note.signatures
  if (keys === undefined) {
    if (first === undefined) return undefined
    throw new EvidenceError('keyLost')
  }
  if (first === undefined) throw new EvidenceError('notOurs')
  const key = await keys.find(first.keyId)
  if (key === undefined) throw new EvidenceError('keyLost')
  if (verifyNote(note, [verifierKeyOf(origin, key.spki)]).status !== 'signed')
    throw new EvidenceError('notOurs')
  return first.keyId
}

/** Makes tiles and bundles again, up to a checkpoint: they are a pure function of the commits. */
async function rebuild(log: LogStore, size: number, root: Buffer): Promise<void> {
  const edge = new TreeEdge()
  while (edge.size < size) {
    const content = await log.read(commitName(edge.size))
    const commit = content === undefined ? undefined : parseCommit(edge.size, content)
    if (commit === undefined) throw new EvidenceError('damaged')
    await putAll(
      log,
      commit.entries.flatMap((entry) => edge.append(entry)),
    )
    await putAll(log, edge.partial())
  }
  if (edge.size !== size || !edge.root().equals(root)) throw new EvidenceError('damaged')
}

/** The key that the newest commit announces, if it does. */
async function announced(log: LogStore, size: number): Promise<string | undefined> {
  let seals = 0
  for await (const leaf of newestLeaves(log, size)) {
    if (leaf.type === 'key') return keyIdOfLeaf(leaf)
    // The one that ends the newest commit, and the one before it.
    if (leaf.type === 'seal') seals += 1
    if (seals === 2) return undefined
  }
  return undefined
}

/**
 * Finds the end of the log.
 * @param origin of a log that does not exist yet
 * @throws EvidenceError
 */
export async function readHead(
  log: LogStore,
  keys: SigningKeys | undefined,
  origin: string,
): Promise<LogHead> {
  const newest = await newestCheckpoint(log)
  if (newest === undefined) return { origin, edge: new TreeEdge(), signer: undefined }
  const signer = await ownSigner(newest, keys)
  const edge = await TreeEdge.read(newest.size, (name) => log.read(name))
  if (edge?.root().equals(newest.root) !== true) throw new EvidenceError('damaged')
  return { origin: newest.origin, edge, signer: (await announced(log, newest.size)) ?? signer }
}

/**
 * Makes the tiles and bundles of the newest checkpoint again from the commits.
 * @throws EvidenceError if they do not lead to its root
 */
export async function repair(log: LogStore, keys: SigningKeys | undefined): Promise<void> {
  const newest = await newestCheckpoint(log)
  if (newest === undefined) return
  await ownSigner(newest, keys)
  await rebuild(log, newest.size, newest.root)
}
