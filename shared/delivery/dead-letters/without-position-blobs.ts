import type { ContainerClient } from '@azure/storage-blob'
import { writeOnce } from '../../azure/write-once.ts'
import { dateFolder } from '../../domain/blob-folders.ts'
import { DurabilityError } from '../../domain/durability-error.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import type { MessageWithoutPosition } from '../../domain/message-without-position.ts'
import type { Time } from '../../domain/time.ts'
import { sha256Hex } from '../../encoding/digest.ts'

/** Folder of messages without a position. */
export const WITHOUT_POSITION_FOLDER = 'without-position'

const WRITE_TIMEOUT_MS = 60_000

/**
 * `v1/without-position/ingest_date=…/<hash>`: the same message with the same metadata has one name.
 */
function nameOf({ partition, body, reported }: MessageWithoutPosition, now: Instant): string {
  const { namespace, hub, partition: id } = partition
  const content = `${namespace}\n${hub}\n${id}\n${reported}\n${body === undefined ? '' : sha256Hex(body)}`
  return `v1/${WITHOUT_POSITION_FOLDER}/${dateFolder(now)}${sha256Hex(content).slice(0, 32)}`
}

/**
 * Keeps messages that cannot be archived because they have no position: `.bin` holds the exact
 * bytes, ready to be sent to the hub again, `.json` their metadata.
 */
export const blobsWithoutPosition =
  (container: Pick<ContainerClient, 'getBlockBlobClient'>, time: Pick<Time, 'now' | 'limit'>) =>
  async (message: MessageWithoutPosition): Promise<void> => {
    const now = instant(time.now())
    const name = nameOf(message, now)
    const { partition, body, reported, reason } = message
    const head = JSON.stringify({ v: 1, reason, ...partition, keptAt: isoInstant(now) })
    const write = async (suffix: string, content: Buffer, metadata: Record<string, string>) => {
      const limit = time.limit(WRITE_TIMEOUT_MS)
      try {
        await writeOnce(container.getBlockBlobClient(name + suffix), {
          content,
          metadata,
          abortSignal: limit.signal,
          isSame: ({ contentLength }) => contentLength === content.byteLength,
        })
      } catch (error) {
        throw new DurabilityError('Keeping a message without a position', error)
      } finally {
        limit.end()
      }
    }
    if (body !== undefined) await write('.bin', Buffer.from(body), {})
    // The heartbeat counts this blob among the dead letters.
    await write('.json', Buffer.from(`${head.slice(0, -1)},"reported":${reported}}\n`), { deadletters: '1' })
  }
