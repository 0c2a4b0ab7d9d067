import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Actor } from '../shared/delivery/dead-letters/action.ts'
import type { Instant } from '../shared/domain/identifiers.ts'
import { isoInstant } from '../shared/domain/iso-instant.ts'
import { VERSION } from '../shared/domain/version.ts'
import type { ProvableLog } from '../shared/evidence/verify/provable-log.ts'
import type { ExportQuery } from '../shared/operations/auditor/select-records.ts'
import type { LinesSeen } from '../shared/operations/auditor/unique-lines.ts'
import { type WrittenFile, writeWhole } from './export-writer.ts'
import { CannotRunError, UsageError } from './usage-error.ts'

/**
 * The key that signs a manifest.
 * @throws UsageError unless it is a private key of P-256; CannotRunError if it cannot be read
 */
export async function readSigningKey(path: string): Promise<KeyObject> {
  const pem = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new CannotRunError(`Reading ${path}: ${error.code ?? 'it failed'}.`)
  })
  const key = parseKey(pem)
  if (key?.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key
  throw new UsageError('--sign-key: expected a private key of the curve P-256, PEM, without a passphrase.')
}

function parseKey(pem: Buffer): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    return undefined
  }
}

/** What a case says about itself: who made it, when, by which query, and what is in it. */
export interface CaseTold {
  readonly by: Actor
  readonly startedAt: Instant
  readonly endedAt: Instant
  /** Absent: of a downloaded copy. */
  readonly tenantId: string | undefined
  /** As it was typed. */
  readonly args: readonly string[]
  readonly query: ExportQuery
  readonly records: number
  readonly proofs: number
  readonly seen: LinesSeen
  readonly log: ProvableLog | undefined
  readonly files: Readonly<Record<string, WrittenFile>>
}

function manifestOf(told: CaseTold, isSigned: boolean): string {
  const { by, startedAt, endedAt, tenantId, args, query, records, proofs, seen, log, files } = told
  const manifest = {
    what: 'risk-export case',
    v: 1,
    program: `risk-export ${VERSION}`,
    by,
    startedAt: isoInstant(startedAt),
    endedAt: isoInstant(endedAt),
    tenantId,
    command: ['risk-export', 'export', ...args],
    query: {
      from: isoInstant(query.from),
      to: isoInstant(query.to),
      categories: query.categories,
      identity: query.identity,
    },
    found: { records, proofs, ...seen },
    log:
      log === undefined
        ? null
        : {
            origin: log.origin,
            size: log.size,
            root: log.root.toString('base64'),
            isSigned: log.signer !== undefined,
          },
    files,
    isSigned,
  }
  return `${JSON.stringify(manifest, undefined, 2)}\n`
}

/**
 * Writes the manifest of a case, which is its receipt, and with a key its signature: SHA-256,
 * ECDSA, DER, as `openssl dgst` checks it.
 */
export async function writeManifest(
  folder: string,
  told: CaseTold,
  key: KeyObject | undefined,
): Promise<void> {
  const manifest = manifestOf(told, key !== undefined)
  await writeWhole(join(folder, 'manifest.json'), manifest)
  if (key === undefined) return
  await writeWhole(join(folder, 'manifest.sig'), sign('sha256', Buffer.from(manifest), key))
  const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' })
  await writeWhole(join(folder, 'manifest-key.pem'), String(pem))
}
