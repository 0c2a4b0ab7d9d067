import { hash, type X509Certificate } from 'node:crypto'
import { checkpointName, keyPemName, timestampName, verifierKeyName } from '../log-layout.ts'
import { parsePublicKeyPem, publicKeyPem, type VerifierKey, verifierKeyText } from '../note.ts'
import type { EvidenceCopy } from './evidence-copy.ts'
import type { RawFinding } from './finding.ts'
import { checkTimestamp } from './timestamp-check.ts'

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

export interface TimestampCounts {
  readonly timestamps: number
  /** Those that a trusted authority signed. */
  readonly timestampsVerified: number
}

/**
 * Compares time stamps with their checkpoints.
 * @param authorities trusted certificates; with none, signatures are not checked
 */
export async function checkTimestamps(
  copy: EvidenceCopy,
  names: ReadonlySet<string>,
  authorities: readonly X509Certificate[],
  findings: RawFinding[],
): Promise<TimestampCounts> {
  let timestamps = 0
  let timestampsVerified = 0
  for (const name of names) {
    if (!name.endsWith('.tsr')) continue
    timestamps += 1
    const size = Number(/(\d{20})\.tsr$/.exec(name)?.[1])
    const checkpoint = await copy.read(checkpointName(size))
    // Without its checkpoint there is nothing to compare: that one is missing.
    if (checkpoint === undefined) continue
    const token = await copy.read(timestampName(size))
    const problem = token === undefined ? 'it cannot be read' : problemOf(token, checkpoint, authorities)
    if (problem !== undefined) findings.push({ class: 'TIMESTAMP_BAD', subject: name, detail: problem })
    else if (authorities.length > 0) timestampsVerified += 1
  }
  if (timestamps > 0 && authorities.length === 0)
    findings.push({
      class: 'TIMESTAMP_NOT_CHECKED',
      subject: 'checkpoints',
      detail: `${timestamps} time stamps`,
    })
  return { timestamps, timestampsVerified }
}

function problemOf(
  token: Buffer,
  checkpoint: Buffer,
  authorities: readonly X509Certificate[],
): string | undefined {
  if (authorities.length === 0)
    return token.includes(hash('sha256', checkpoint, 'buffer')) ? undefined : 'not of the stored checkpoint'
  const verdict = checkTimestamp(token, checkpoint, authorities)
  return verdict.status === 'bad' ? verdict.problem : undefined
}
