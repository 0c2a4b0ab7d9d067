import type { ContainerClient } from '@azure/storage-blob'
import { writeOnce } from '../../azure/write-once.ts'
import { trunkOf } from '../../domain/blob-folders.ts'
import { DurabilityError } from '../../domain/durability-error.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import type { Time } from '../../domain/time.ts'
import { sha256Hex } from '../../encoding/digest.ts'
import type { DeadLetter, DeadLetterWriter } from './dead-letter.ts'

/**
 * Longer than a healthy storage takes; a batch whose dead letters are not written by then is rerun.
 */
const WRITE_TIMEOUT_MS = 60_000

/** Folder of dead letters for records that never became events. */
export const RECORDS_FOLDER = 'records'

/** A dead letter as stored: instants as ISO 8601. */
const deadLetterJson = (deadLetter: DeadLetter): string =>
  JSON.stringify({
    ...deadLetter,
    position: { ...deadLetter.position, enqueuedAt: isoInstant(deadLetter.position.enqueuedAt) },
    firstTriedAt: isoInstant(deadLetter.firstTriedAt),
    deadLetteredAt: isoInstant(deadLetter.deadLetteredAt),
    ...(deadLetter.replay === undefined
      ? {}
      : { replay: { ...deadLetter.replay, askedAt: isoInstant(deadLetter.replay.askedAt) } }),
  })

/**
 * `v1/<sink, or "records">/<archive blob>/<first line>-<hash of the lines>.jsonl`: the same dead
 * letters get the same name. One dead-lettered again after an operator's retry gets another.
 */
export function deadLetterBlobName(deadLetters: readonly DeadLetter[]): string {
  const first = deadLetters[0]
  const lines = deadLetters.map((l) => l.line).join(',')
  const asked = first?.replay === undefined ? '' : `\n${first.replay.askedAt}`
  const folder = first?.sink ?? RECORDS_FOLDER
  const chunk = trunkOf(first?.blob ?? '')
  return `v1/${folder}/${chunk}/${String(first?.line ?? 0).padStart(6, '0')}-${sha256Hex(lines + asked).slice(0, 8)}.jsonl`
}

/** Dead letters as JSON Lines blobs, one per archive blob and sink. */
export const blobDeadLetters = (
  container: Pick<ContainerClient, 'getBlockBlobClient'>,
  time: Pick<Time, 'limit'>,
): DeadLetterWriter => ({
  async write(deadLetters) {
    if (deadLetters.length === 0) return
    const limit = time.limit(WRITE_TIMEOUT_MS)
    try {
      await writeOnce(container.getBlockBlobClient(deadLetterBlobName(deadLetters)), {
        content: Buffer.from(deadLetters.map((l) => `${deadLetterJson(l)}\n`).join('')),
        contentType: 'application/x-ndjson',
        metadata: { deadletters: String(deadLetters.length) },
        abortSignal: limit.signal,
        // Same dead letters, written at another time or by another program version.
        isSame: ({ contentLength = 0 }) => contentLength > 0,
      })
    } catch (error) {
      throw new DurabilityError('Writing a dead letter', error)
    } finally {
      limit.end()
    }
  },
})
