import type { LeanContainer } from '../azure/lean-container.ts'
import { readIfThere } from '../azure/read-bytes.ts'
import { hasCode } from '../azure/storage-condition.ts'
import { isAlreadyThere } from '../azure/write-once.ts'
import type { Time } from '../domain/time.ts'
import { isFixed, NEWEST_CHECKPOINT } from './log-layout.ts'
import type { LogStore } from './log-store.ts'

const CALL_TIMEOUT_MS = 60_000
const MAX_ATTEMPTS = 5

const contentType = (name: string): string =>
  name === NEWEST_CHECKPOINT || isFixed(name) ? 'text/plain; charset=utf-8' : 'application/octet-stream'

/** The log in two containers of the archive's account. */
export interface LogContainers {
  /** Tiles, bundles, keys, newest checkpoint. */
  readonly log: LeanContainer
  /** Commits and checkpoints; nobody may overwrite or delete there. */
  readonly fixed: LeanContainer
}

/** The log in Azure Blob Storage. Rejects with the SDK's errors. */
export function blobLogStore({ log, fixed }: LogContainers, time: Pick<Time, 'limit'>): LogStore {
  const containerOf = (name: string) => (isFixed(name) ? fixed : log)

  async function within<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const limit = time.limit(CALL_TIMEOUT_MS)
    try {
      return await work(limit.signal)
    } finally {
      limit.end()
    }
  }

  const upload = (
    name: string,
    content: Buffer,
    abortSignal: AbortSignal,
    conditions: { ifNoneMatch?: string; ifMatch?: string } = {},
  ) =>
    containerOf(name)
      .getBlockBlobClient(name)
      .upload(content, content.byteLength, {
        abortSignal,
        conditions,
        blobHTTPHeaders: { blobContentType: contentType(name) },
      })

  return {
    read: (name) => within(async (signal) => (await readIfThere(containerOf(name), name, signal))?.content),
    create: (name, content) =>
      within(async (signal) => {
        try {
          await upload(name, content, signal, { ifNoneMatch: '*' })
          return 'written'
        } catch (error) {
          if (!isAlreadyThere(error)) throw error
        }
        // Perhaps by an attempt of ours whose answer was lost.
        const there = await readIfThere(containerOf(name), name, signal)
        return there?.content.equals(content) === true ? 'alreadyThere' : 'other'
      }),
    put: (name, content) =>
      within(async (signal) => {
        try {
          await upload(name, content, signal)
        } catch (error) {
          // Under an immutability policy not even the same may be written again.
          if (!isAlreadyThere(error)) throw error
          const there = await readIfThere(containerOf(name), name, signal)
          if (there?.content.equals(content) !== true) throw error
        }
      }),
    advance: (name, content, isNewer) =>
      within(async (signal) => {
        for (let attempt = 1; ; attempt += 1) {
          const there = await readIfThere(containerOf(name), name, signal)
          if (there !== undefined && (there.content.equals(content) || (await isNewer(there.content)))) return
          try {
            const conditions = there === undefined ? { ifNoneMatch: '*' } : { ifMatch: there.etag }
            await upload(name, content, signal, conditions)
            return
          } catch (error) {
            if (!hasCode(error, 'ConditionNotMet', 'BlobAlreadyExists') || attempt === MAX_ATTEMPTS)
              throw error
          }
        }
      }),
    async *names(prefix) {
      for await (const { name } of containerOf(prefix).listBlobsFlat({ prefix })) yield name
    },
  }
}
