import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Auditor, EvidenceOfBlobs } from '../shared/composition/create-auditor.ts'
import type { Actor } from '../shared/delivery/dead-letters/action.ts'
import { type Instant, instant } from '../shared/domain/identifiers.ts'
import { isoInstant } from '../shared/domain/iso-instant.ts'
import type { Time } from '../shared/domain/time.ts'
import { VERSION } from '../shared/domain/version.ts'
import { keyIdOf, publicKeyPem } from '../shared/evidence/note.ts'
import { exportHead, exportLine } from '../shared/operations/auditor/record-output.ts'
import type { ExportQuery, SelectedLine } from '../shared/operations/auditor/select-records.ts'
import type { LinesSeen } from '../shared/operations/auditor/unique-lines.ts'
import { cannotWrite, FileWriter, type WrittenFile, writeWhole } from './export-writer.ts'
import { caseReadme } from './render/case-readme.ts'
import { CannotRunError, UsageError } from './usage-error.ts'

/** What is asked of a case. */
export interface CaseRequest {
  /** Path of the new folder. */
  readonly folder: string
  readonly query: ExportQuery
  /** As it was typed. */
  readonly args: readonly string[]
  readonly signingKey: KeyObject | undefined
}

export interface WrittenCase {
  readonly records: number
  readonly files: Readonly<Record<string, WrittenFile>>
  readonly seen: LinesSeen
}

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

/** Writes all records in both forms; returns how many, and the blobs they are in. */
async function writeRecords(
  folder: string,
  records: AsyncIterable<SelectedLine>,
): Promise<{ count: number; blobs: ReadonlySet<string>; files: Record<string, WrittenFile> }> {
  const csv = await FileWriter.create(join(folder, 'records.csv'))
  const jsonl = await FileWriter.create(join(folder, 'records.jsonl'))
  const blobs = new Set<string>()
  let count = 0
  try {
    await csv.write(exportHead('csv', true))
    for await (const record of records) {
      await csv.write(exportLine('csv', record))
      await jsonl.write(exportLine('jsonl', record))
      blobs.add(record.blob.name)
      count += 1
    }
  } catch (error) {
    await Promise.all([csv.close(), jsonl.close()])
    throw error
  }
  return { count, blobs, files: { 'records.csv': await csv.end(), 'records.jsonl': await jsonl.end() } }
}

/** What the log says about each blob, and its newest checkpoint and keys. */
async function writeEvidence(
  folder: string,
  { log, blobs }: EvidenceOfBlobs,
): Promise<Record<string, WrittenFile>> {
  const lines = blobs.map(({ sealed, ...now }) =>
    JSON.stringify({
      ...now,
      ...(sealed === undefined ? {} : { leafIndex: sealed.index, leaf: sealed.leaf }),
    }),
  )
  const files: Record<string, WrittenFile> = {
    'blobs.jsonl': await writeWhole(join(folder, 'blobs.jsonl'), lines.map((line) => `${line}\n`).join('')),
  }
  if (log === undefined) return files
  files['checkpoint'] = await writeWhole(join(folder, 'checkpoint'), log.checkpoint)
  for (const { publicKey } of log.keys) {
    const spki = Buffer.from(publicKey, 'base64')
    const name = `log-key-${keyIdOf(spki)}.pem`
    if (files[name] !== undefined) continue
    files[name] = await writeWhole(join(folder, name), publicKeyPem(spki))
  }
  return files
}

interface Told {
  readonly by: Actor
  readonly startedAt: Instant
  readonly endedAt: Instant
  readonly tenantId: string
  readonly records: number
  readonly seen: LinesSeen
  readonly log: EvidenceOfBlobs['log']
  readonly files: Readonly<Record<string, WrittenFile>>
}

function manifestOf({ query, args, signingKey }: CaseRequest, told: Told): string {
  const { by, startedAt, endedAt, tenantId, records, seen, log, files } = told
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
      ...(query.identity === undefined ? {} : { identity: query.identity }),
    },
    found: { records, ...seen },
    log:
      log === undefined
        ? null
        : { origin: log.origin, size: log.size, root: log.root, isSigned: log.keyId !== undefined },
    files,
    isSigned: signingKey !== undefined,
  }
  return `${JSON.stringify(manifest, undefined, 2)}\n`
}

/** Signs the manifest: SHA-256, ECDSA, DER, as `openssl dgst` checks it. */
async function writeSignature(folder: string, manifest: string, key: KeyObject): Promise<void> {
  await writeWhole(join(folder, 'manifest.sig'), sign('sha256', Buffer.from(manifest), key))
  const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' })
  await writeWhole(join(folder, 'manifest-key.pem'), String(pem))
}

/**
 * Writes a case: a new folder with the records, what the log says about them, and a manifest.
 * @throws CannotRunError if the folder exists, or a file cannot be written; the SDK's errors
 */
export async function writeCase(
  auditor: Auditor,
  request: CaseRequest,
  time: Pick<Time, 'now'>,
  onBlob: (blobs: number) => void,
): Promise<WrittenCase> {
  const { folder, query, signingKey } = request
  const startedAt = instant(time.now())
  // Whoever cannot be named is found out before anything is written.
  const by = await auditor.who()
  await mkdir(folder, { mode: 0o700 }).catch(cannotWrite(folder))
  const seen: LinesSeen = { blobs: 0, copies: 0 }
  const { count, blobs, files } = await writeRecords(folder, await auditor.records(query, seen, onBlob))
  const evidence = await auditor.evidenceOf(blobs)
  Object.assign(files, await writeEvidence(folder, evidence))
  const { log } = evidence
  const told = { by, startedAt, tenantId: auditor.tenantId, records: count, seen, log }
  const readme = caseReadme({ isSigned: signingKey !== undefined, hasLog: log !== undefined })
  files['README.txt'] = await writeWhole(join(folder, 'README.txt'), readme)
  const manifest = manifestOf(request, { ...told, endedAt: instant(time.now()), files })
  await writeWhole(join(folder, 'manifest.json'), manifest)
  if (signingKey !== undefined) await writeSignature(folder, manifest, signingKey)
  return { records: count, files, seen }
}
