import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { benchBody } from '../../local/checks/bench/bench-batches.ts'
import { buildChunk } from '../../shared/archive/chunk.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { compress } from '../../shared/encoding/compress.ts'
import { localKeys } from '../../shared/evidence/keys/local-keys.ts'
import { publicKeyPem } from '../../shared/evidence/note.ts'
import { seal } from '../../shared/evidence/seal/seal.ts'
import type { SealedArchive } from '../../shared/evidence/seal/seal-ports.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { settings } from '../source/reading-under-test.ts'
import { positionOf } from './archive-lines.ts'
import { A_PARTITION, MemoryLog, newKeyPem, OPTIONS, portsOf, START_MS } from './evidence-world.ts'

export interface ArchiveShape {
  readonly blobs: number
  readonly messagesPerBlob: number
  readonly recordsPerMessage: number
}

async function writeInto(folder: string, name: string, content: Buffer): Promise<void> {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

/** Blobs as the program writes them, of incompressible ids; one an hour, in one partition. */
async function writeBlobs(folder: string, shape: ArchiveShape): Promise<readonly string[]> {
  const { blobs, messagesPerBlob, recordsPerMessage } = shape
  const names: string[] = []
  for (let at = 0; at < blobs; at += 1) {
    const messages = Array.from({ length: messagesPerBlob }, (_, n) => {
      const sequenceNumber = at * messagesPerBlob + n
      const body = Buffer.from(benchBody(sequenceNumber * recordsPerMessage, recordsPerMessage))
      const enqueuedAt = instant(Date.UTC(2026, 0, 1) + at * 60_000)
      return readMessage({ position: positionOf(sequenceNumber, { enqueuedAt }), body }, settings)
    })
    const { blob, content } = buildChunk(messages)
    names.push(blob)
    await writeInto(folder, blob, await compress(content))
  }
  return names
}

/**
 * Writes a sealed archive as its containers are downloaded side by side.
 * @returns names of the blobs, and the log's public key as PEM
 */
export async function writeSealedArchive(
  folder: string,
  shape: ArchiveShape,
): Promise<{ readonly blobs: readonly string[]; readonly publicKey: string }> {
  const blobs = await writeBlobs(join(folder, 'archive'), shape)
  const archive: SealedArchive = {
    days: async () => ({ at: instant(START_MS), days: ['any'] }),
    async *blobsOf() {
      for (const name of blobs) yield { name, createdAt: instant(0) }
    },
    read: (name) => readFile(join(folder, 'archive', name)),
  }
  const log = new MemoryLog()
  const keys = localKeys(newKeyPem())
  const lastSequenceNumber = shape.blobs * shape.messagesPerBlob - 1
  const partitions = async () => [{ ...A_PARTITION, lastSequenceNumber }]
  await seal(portsOf(archive, log, { keys, partitions }), OPTIONS)
  for (const [name, content] of log.files)
    await writeInto(join(folder, /^c.+\//.test(name) ? 'evidence-fixed' : 'evidence'), name, content)
  return { blobs, publicKey: publicKeyPem((await keys.current()).spki) }
}
