import { setImmediate } from 'node:timers/promises'
import { type BlobTask, type CheckedBlob, checkBlob } from './blob-check.ts'
import { BlobThreads, type Threads } from './blob-threads.ts'
import { Rereading } from './rereading.ts'

/** What a batch for another thread ends with, whichever is first. */
const BATCH_BLOBS = 64
const BATCH_BYTES = 1024 * 1024
/** One batch that a thread checks, and one that waits for it. */
const BATCHES_PER_THREAD = 2
/** Batches whose results wait for an earlier one's. */
const MAX_WAITING_PER_THREAD = 8
/** Stored bytes that are with other threads, unless it is a single batch. */
const MAX_BYTES_AWAY = 64 * 1024 * 1024
/** What is checked on this thread before others are worth their start. */
const ALONE_BYTES = 256 * 1024
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

/** A batch whose results are not passed on yet. */
interface Batch {
  readonly blobs: readonly { readonly name: string; readonly bytes: number }[]
  /** Stored bytes that are with another thread. */
  bytesAway: number
  readonly answer: Promise<readonly CheckedBlob[]>
}

const blobsOf = (tasks: readonly BlobTask[]): Batch['blobs'] =>
  tasks.map(({ name, stored }) => ({ name, bytes: stored.byteLength }))

function sendAway(tasks: readonly BlobTask[], pool: BlobThreads): Batch {
  const answer = pool.check(tasks)
  const batch = { blobs: blobsOf(tasks), bytesAway: bytesOf(tasks), answer }
  const isBack = () => {
    batch.bytesAway = 0
  }
  // Whoever awaits it in its turn receives the error.
  answer.then(isBack, isBack)
  return batch
}

async function checkHere(tasks: readonly BlobTask[], rereading: Rereading): Promise<Batch> {
  const checked: CheckedBlob[] = []
  for (const task of tasks) {
    checked.push(checkBlob(task, rereading))
    // Answers of other threads, like a signal, are heard only between turns of the event loop.
    await setImmediate()
  }
  return { blobs: blobsOf(tasks), bytesAway: 0, answer: Promise.resolve(checked) }
}

async function* back({ blobs, answer }: Batch): AsyncGenerator<BlobResult> {
  const all = await answer
  for (const [at, blob] of blobs.entries()) yield { ...blob, checked: all[at] as CheckedBlob }
}

/** While the other threads have enough to do, this one checks as well. */
async function* inThreads(
  tasks: AsyncIterator<BlobTask>,
  threads: Threads,
  rereading: Rereading,
): AsyncGenerator<BlobResult> {
  const others = threads.count - 1
  const pool = new BlobThreads({ ...threads, count: others })
  const batches: Batch[] = []
  const isBusy = () => {
    const away = batches.filter(({ bytesAway }) => bytesAway > 0)
    const bytes = away.reduce((sum, { bytesAway }) => sum + bytesAway, 0)
    return away.length >= others * BATCHES_PER_THREAD || bytes >= MAX_BYTES_AWAY
  }
  try {
    for await (const batch of batchesOf(tasks)) {
      batches.push(isBusy() ? await checkHere(batch, rereading) : sendAway(batch, pool))
      while (batches[0]?.bytesAway === 0 || batches.length > others * MAX_WAITING_PER_THREAD)
        yield* back(batches.shift() as Batch)
    }
    for (const one of batches) yield* back(one)
  } finally {
    await pool.end()
  }
}

/**
 * Checks blobs, in their order. A few are checked here; when more come, on other threads as well.
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
    yield { name, bytes: stored.byteLength, checked: checkBlob(next.value, rereading) }
    // A signal is heard only between turns of the event loop.
    await setImmediate()
  }
  yield* inThreads(tasks, threads, rereading)
}
