import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { checkpointText } from '../../../shared/evidence/checkpoint.ts'
import { commitBytes, parseCommit } from '../../../shared/evidence/commit.ts'
import {
  checkpointName,
  commitName,
  firstLeafOf,
  isFixed,
  keyPemName,
  NEWEST_CHECKPOINT,
  verifierKeyName,
} from '../../../shared/evidence/log-layout.ts'
import {
  keyIdOf,
  noteBytes,
  publicKeyPem,
  verifierKeyOf,
  verifierKeyText,
} from '../../../shared/evidence/note.ts'
import { TreeEdge } from '../../../shared/evidence/seal/tree-edge.ts'
import type { Files } from './sealed-copy.ts'

/** Where a blob of the log lies in a copy. */
export const pathOf = (name: string): string => `${isFixed(name) ? 'evidence-fixed' : 'evidence'}/${name}`

/** The entries of the commits in a copy, commit by commit. */
export function commitsIn(files: Files): readonly (readonly Buffer[])[] {
  const firsts = [...files.keys()].flatMap((path) => firstLeafOf(path.replace(/^[^/]+\//, '')) ?? [])
  return firsts
    .sort((a, b) => a - b)
    .map((first) => parseCommit(first, files.get(pathOf(commitName(first))) as Buffer)?.entries ?? [])
}

/** Read once: to read a key takes longer than to sign with it. */
const keysRead = new Map<string, { readonly privateKey: KeyObject; readonly spki: Buffer }>()
function keyOf(pem: string) {
  const known = keysRead.get(pem)
  if (known !== undefined) return known
  const privateKey = createPrivateKey(pem)
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  keysRead.set(pem, { privateKey, spki })
  return { privateKey, spki }
}

/** A checkpoint, signed by whoever holds this key; unsigned without one. */
export function checkpointBy(
  pem: string | undefined,
  origin: string,
  head: { readonly size: number; readonly root: Buffer },
): Buffer {
  const text = checkpointText({ origin, ...head })
  if (pem === undefined) return noteBytes({ text, signatures: [] })
  const { privateKey, spki } = keyOf(pem)
  const signature = sign('sha256', Buffer.from(text), privateKey)
  return noteBytes({ text, signatures: [{ keyName: origin, keyId: keyIdOf(spki), signature }] })
}

/** The files of a public key. */
export function keyFilesOf(pem: string, origin: string): Files {
  const { spki } = keyOf(pem)
  return new Map([
    [pathOf(keyPemName(spki)), Buffer.from(publicKeyPem(spki))],
    [pathOf(verifierKeyName(spki)), Buffer.from(`${verifierKeyText(verifierKeyOf(origin, spki))}\n`)],
  ])
}

/**
 * The files of a log that fit each other in every respect, whatever its entries are.
 * @param pem whose key signs; absent: nobody
 */
export function writtenLog(
  commits: readonly (readonly Buffer[])[],
  origin: string,
  pem: string | undefined,
): Files {
  const files: Files = new Map(pem === undefined ? [] : keyFilesOf(pem, origin))
  const edge = new TreeEdge()
  for (const entries of commits) {
    files.set(
      pathOf(commitName(edge.size)),
      commitBytes({ first: edge.size, entries: [...entries], leaves: [] }),
    )
    const written = entries.flatMap((entry) => edge.append(entry))
    for (const { name, content } of [...written, ...edge.partial()]) files.set(pathOf(name), content)
    const checkpoint = checkpointBy(pem, origin, { size: edge.size, root: edge.root() })
    files.set(pathOf(checkpointName(edge.size)), checkpoint)
    files.set(pathOf(NEWEST_CHECKPOINT), checkpoint)
  }
  return files
}
