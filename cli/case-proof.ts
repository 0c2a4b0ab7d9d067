import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseCheckpoint } from '../shared/evidence/checkpoint.ts'
import { parseVerifierKey } from '../shared/evidence/note.ts'
import { blobOfProof, parseCaseProof, wholeProof } from '../shared/evidence/verify/case-proof.ts'
import type { RecordProof } from '../shared/evidence/verify/proof.ts'
import { CASE_BLOBS, CASE_TIMESTAMP, caseKeyName } from './case-layout.ts'
import { readBytes } from './key-files.ts'
import { portablePath } from './portable-name.ts'

const ifThere = (path: string): Promise<Buffer | undefined> => readFile(path).catch(() => undefined)

/**
 * The proof of a record of a case, with the blob, key and time stamp that lie in its folder;
 * `undefined` if the file is none.
 * @throws CannotRunError if the blob is not there
 */
export async function caseProofIn(path: string, content: Buffer): Promise<RecordProof | undefined> {
  const proof = parseCaseProof(content)
  const blob = proof === undefined ? undefined : blobOfProof(proof)
  if (proof === undefined || blob === undefined) return undefined
  const folder = dirname(dirname(path))
  const keyId = parseCheckpoint(proof.inclusion.checkpoint)?.note.signatures[0]?.keyId
  const key = keyId === undefined ? undefined : await ifThere(join(folder, caseKeyName(keyId, 'vkey')))
  return wholeProof(
    proof,
    await readBytes(join(folder, CASE_BLOBS, portablePath(blob))),
    key === undefined ? undefined : parseVerifierKey(key.toString('utf8').trim()),
    await ifThere(join(folder, CASE_TIMESTAMP)),
  )
}
