import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import { blobName } from '../../../shared/archive/blob-name.ts'
import { buildChunk } from '../../../shared/archive/chunk.ts'
import type { Instant } from '../../../shared/domain/identifiers.ts'
import type { Position } from '../../../shared/domain/position.ts'
import { VERSION } from '../../../shared/domain/version.ts'
import { sha256Hex } from '../../../shared/encoding/digest.ts'
import { localKeys } from '../../../shared/evidence/keys/local-keys.ts'
import { publicKeyPem } from '../../../shared/evidence/note.ts'
import { seal } from '../../../shared/evidence/seal/seal.ts'
import type { PartitionState, SealPorts } from '../../../shared/evidence/seal/seal-ports.ts'
import { readMessage } from '../../../shared/source/read-message.ts'
import { settings } from '../../source/reading-under-test.ts'
import { positionOf } from '../../support/archive-lines.ts'
import {
  A_PARTITION,
  MemoryArchive,
  MemoryLog,
  newKeyPem,
  OPTIONS,
  portsOf,
  withoutKey,
} from '../../support/evidence-world.ts'

/** Files of a copy: by path below the folder. */
export type Files = Map<string, Buffer>

export interface SealedCopy {
  readonly files: Files
  /** PEM of the public key. */
  readonly publicKey: string
  /** PEM of the key that signs. */
  readonly privateKey: string
}

/** An archive blob as it is stored. */
export interface StoredBlob {
  readonly name: string
  readonly content: Buffer
}

/** An archive blob of one message, with an event. */
export function eventBlob(sequenceNumber: number, change: Partial<Position> = {}): StoredBlob {
  const id = `00000000-0000-4000-8000-${String(sequenceNumber).padStart(12, '0')}`
  const body = `{"records":[{"time":"2026-11-02T08:00:00Z","category":"RiskyServicePrincipals","properties":{"id":"${id}","riskLevel":"high","riskState":"atRisk","riskLastUpdatedDateTime":"2026-11-02T08:00:00Z","n":${sequenceNumber}}}]}`
  const position = positionOf(sequenceNumber, change)
  const { blob, content } = buildChunk([readMessage({ position, body: Buffer.from(body) }, settings)])
  return { name: blob, content: gzipSync(content) }
}

/** A blob whose line says something else than its record, with everything else right. */
function forgedBlob(sequenceNumber: number, forge: (line: string) => string): StoredBlob {
  const content = forge(gunzipSync(eventBlob(sequenceNumber).content).toString())
  const name = blobName({
    first: positionOf(sequenceNumber),
    lastSequenceNumber: sequenceNumber,
    contentHash: sha256Hex(content),
  })
  return { name, content: gzipSync(content) }
}

const HOUR_MS = 3_600_000

export interface CopyOptions {
  /** Blobs before each seal, or their sequence numbers. */
  readonly seals?: readonly (readonly (number | StoredBlob)[])[]
  /** Blobs after the last seal. */
  readonly tail?: readonly number[]
  readonly partitions?: readonly Partial<PartitionState>[]
  /** When the hub was created, before each seal. */
  readonly hubCreatedAt?: readonly Instant[]
  readonly isSigned?: boolean
  /** From which seal on another key signs, announced by the first. */
  readonly rotatesAt?: number
  readonly timestamp?: SealPorts['timestamp']
  /** Changes every line of the archive before it is sealed. */
  readonly forge?: (line: string) => string
  /** Of each seal; default: this one. */
  readonly versions?: readonly string[]
}

/** An archive that was sealed by the program, as its containers are downloaded side by side. */
export async function sealedCopy({
  seals = [
    [0, 1, 2],
    [3, 4],
  ],
  tail = [],
  partitions = [{ lastSequenceNumber: 4 }],
  hubCreatedAt = [],
  isSigned = true,
  rotatesAt,
  timestamp,
  forge,
  versions = [],
}: CopyOptions = {}): Promise<SealedCopy> {
  const archive = new MemoryArchive()
  const log = new MemoryLog()
  const [privateKey, nextKey] = [newKeyPem(), newKeyPem()]
  const keys = localKeys(privateKey)
  let created = A_PARTITION.hubCreatedAt
  const signed = portsOf(archive, log, {
    keys,
    partitions: async () => partitions.map((one) => ({ ...A_PARTITION, hubCreatedAt: created, ...one })),
    timestamp,
  })
  const ports = isSigned ? signed : withoutKey(signed)
  const blobOf = (number: number) => (forge === undefined ? eventBlob(number) : forgedBlob(number, forge))
  for (const [at, blobs] of seals.entries()) {
    archive.add(...blobs.map((blob) => (typeof blob === 'number' ? blobOf(blob) : blob)))
    created = hubCreatedAt[at] ?? created
    archive.nowMs += 2 * HOUR_MS
    const isRotated = rotatesAt !== undefined && at >= rotatesAt
    await seal(isRotated ? { ...ports, keys: localKeys(nextKey, privateKey) } : ports, {
      ...OPTIONS,
      programVersion: versions[at] ?? VERSION,
    })
  }
  archive.add(...tail.map((number) => eventBlob(number)))
  const files: Files = new Map()
  for (const [name, { content }] of archive.blobs) files.set(`archive/${name}`, content)
  for (const [name, content] of log.files)
    files.set(`${/^(?:commits|checkpoints)\//.test(name) ? 'evidence-fixed' : 'evidence'}/${name}`, content)
  return { files, publicKey: publicKeyPem((await keys.current()).spki), privateKey }
}

/** Writes files into a folder of their own, for this test. */
export async function folderOf(files: ReadonlyMap<string, Buffer | string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'verify-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, content] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}
