import { hash } from 'node:crypto'
import { checkpointName, keyPemName, timestampName, verifierKeyName } from '../log-layout.ts'
import { parsePublicKeyPem, publicKeyPem, type VerifierKey, verifierKeyText } from '../note.ts'
import type { EvidenceCopy } from './evidence-copy.ts'
import type { RawFinding } from './finding.ts'

/** Compares the files of public keys with the keys of the log. */
export async function checkKeyFiles(
  copy: EvidenceCopy,
  names: ReadonlySet<string>,
  keys: readonly VerifierKey[],
  findings: RawFinding[],
): Promise<void> {
  const texts = new Map(
    keys.flatMap((key) => [
      [keyPemName(key.spki), publicKeyPem(key.spki)] as const,
      [verifierKeyName(key.spki), `${verifierKeyText(key)}\n`] as const,
    ]),
  )
  for (const name of names) {
    if (!name.startsWith('keys/')) continue
    const content = await copy.read(name)
    if (content?.toString() === texts.get(name)) continue
    const isForeign = !texts.has(name) && parsePublicKeyPem(content?.toString() ?? '') !== undefined
    findings.push({
      class: isForeign ? 'KEY_UNKNOWN' : 'LOG_INCONSISTENT',
      subject: name,
      detail: 'not a key that the log announces',
      keyId: isForeign ? /^keys\/([0-9a-f]{8})\./.exec(name)?.[1] : undefined,
    })
  }
}

/** Compares time stamps with their checkpoints. Does not check their signatures. */
export async function checkTimestamps(
  copy: EvidenceCopy,
  names: ReadonlySet<string>,
  findings: RawFinding[],
): Promise<number> {
  let count = 0
  for (const name of names) {
    if (!name.endsWith('.tsr')) continue
    count += 1
    const size = Number(/(\d{20})\.tsr$/.exec(name)?.[1])
    const checkpoint = await copy.read(checkpointName(size))
    // Without its checkpoint there is nothing to compare: that one is missing.
    if (checkpoint === undefined) continue
    const token = await copy.read(timestampName(size))
    if (token?.includes(hash('sha256', checkpoint, 'buffer')) !== true)
      findings.push({ class: 'TIMESTAMP_BAD', subject: name, detail: 'not of the stored checkpoint' })
  }
  if (count > 0)
    findings.push({ class: 'TIMESTAMP_NOT_CHECKED', subject: 'checkpoints', detail: `${count} time stamps` })
  return count
}
