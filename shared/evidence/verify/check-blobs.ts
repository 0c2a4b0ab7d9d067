import { setImmediate } from 'node:timers/promises'
import { type BlobTask, checkTask } from './blob-batch.ts'
import type { CheckedBlob } from './blob-check.ts'
import { BlobThreads, type Threads } from './blob-threads.ts'
import { Rereading } from './rereading.ts'

/** What a batch for another thread ends with, whichever is first. */
const BATCH_BLOBS = 64
const BATCH_BYTES = 1024 * 1024
/** One batch that a thread checks, and one that waits for it. */
const BATCHES_PER_THREAD = 2
/** Stored bytes that are with other threads, unless it is a single batch. */
const MAX_BYTES_AWAY = 64 * 1024 * 1024
/** What is checked on this thread before others are worth their start. */
const ALONE_BYTES = 4 * 1024 * 1024
const ALONE_BLOBS = 1000

/** A blob that was checked. */
export interface BlobResult {
  readonly name: string
  readonly bytes: number
  readonly checked: CheckedBlob
}

const bytesOf = (batch: readonly BlobTask[]): number =>
  batch.reduce((sum, { stored }) => sum + stored.byteLength, 0)

async function* batchesOf(tasks: AsyncIterator<BlobTask>): AsyncGenerator<readonly BlobTask[]> {
  let batch: BlobTask[] = []
  for (let next = await tasks.next(); next.done !== true; next = await tasks.next()) {
    batch.push(next.value)
    if (batch.length < BATCH_BLOBS && bytesOf(batch) < BATCH_BYTES) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** A batch that is with another thread: its bytes are no longer here. */
interface Away {
  readonly blobs: readonly { readonly name: string; readonly bytes: number }[]
  readonly bytes: number
  readonly answer: Promise<readonly CheckedBlob[]>
}

function sendAway(batch: readonly BlobTask[], pool: BlobThreads): Away {
  const answer = pool.check(batch)
  // Whoever awaits it in its turn receives the error.
  answer.catch(() => undefined)
  const blobs = batch.map(({ name, stored }) => ({ name, bytes: stored.byteLength }))
  return { blobs, bytes: bytesOf(batch), answer }
}

async function* back({ blobs, answer }: Away): AsyncGenerator<BlobResult> {
  const all = await answer
  for (const [at, blob] of blobs.entries()) yield { ...blob, checked: all[at] as CheckedBlob }
}

async function* inThreads(tasks: AsyncIterator<BlobTask>, threads: Threads): AsyncGenerator<BlobResult> {
  const pool = new BlobThreads(threads)
  const away: Away[] = []
  const isFull = () =>
    away.length >= threads.count * BATCHES_PER_THREAD ||
    away.reduce((sum, { bytes }) => sum + bytes, 0) >= MAX_BYTES_AWAY
  try {
    for await (const batch of batchesOf(tasks)) {
      away.push(sendAway(batch, pool))
      for (let first = isFull() ? away.shift() : undefined; first !== undefined; ) {
        yield* back(first)
        first = isFull() ? away.shift() : undefined
      }
    }
    for (const one of away) yield* back(one)
  } finally {
    await pool.end()
  }
}

/**
 * Checks blobs, in their order. A few are checked here; when more come, on threads of their own.
 * Rejects if a thread fails.
 */
export async function* checkBlobs(
  tasks: AsyncIterator<BlobTask>,
  threads: Threads | undefined,
): AsyncGenerator<BlobResult> {
  const hasThreads = threads !== undefined && threads.count > 1
  const rereading = new Rereading()
  let blobs = 0
  let bytes = 0
  while (!hasThreads || (blobs < ALONE_BLOBS && bytes < ALONE_BYTES)) {
    const next = await tasks.next()
    if (next.done === true) return
    const { name, stored } = next.value
    blobs += 1
    bytes += stored.byteLength
    yield { name, bytes: stored.byteLength, checked: checkTask(next.value, rereading) }
    // A signal is heard only between turns of the event loop.
    await setImmediate()
  }
  yield* inThreads(tasks, threads)
}
