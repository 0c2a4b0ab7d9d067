import { type MessagePort, type Worker, workerData } from 'node:worker_threads'
import { InvariantError } from '../../domain/invariant-error.ts'
import { checkPacked, type PackedBatch, packed } from './blob-batch.ts'
import type { BlobTask, CheckedBlob } from './blob-check.ts'
import { Rereading } from './rereading.ts'

/** `workerData` of a thread that checks blobs. */
export const CHECKS_BLOBS = 'risk-export checks blobs'

export const isBlobThread = (): boolean => workerData === CHECKS_BLOBS

/** Answers each batch with what is in its blobs, until the thread is ended. */
export function serveBlobChecks(port: MessagePort): void {
  const rereading = new Rereading()
  port.on('message', (batch: PackedBatch) => port.postMessage(checkPacked(batch, rereading)))
}

/** Threads that this machine has room for. */
export interface Threads {
  /** With the calling one. */
  readonly count: number
  /** Starts a thread that calls `serveBlobChecks`. */
  readonly start: () => Worker
}

interface Waiting {
  readonly resolve: (checked: readonly CheckedBlob[]) => void
  readonly reject: (cause: Error) => void
}

/** A thread; it answers in the order in which it was asked. */
class BlobThread {
  readonly #worker: Worker
  readonly #waiting: Waiting[] = []
  #failure: Error | undefined

  constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (checked: readonly CheckedBlob[]) => this.#waiting.shift()?.resolve(checked))
    worker.on('error', (error) => this.#fail(error))
    worker.on('messageerror', (error) => this.#fail(error))
    worker.on('exit', (code) => this.#fail(new Error(`A thread that checks blobs ended with code ${code}.`)))
  }

  get waiting(): number {
    return this.#waiting.length
  }

  check(tasks: readonly BlobTask[]): Promise<readonly CheckedBlob[]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const batch = packed(tasks)
    this.#worker.postMessage(batch, [batch.bytes.buffer])
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }

  #fail(error: Error): void {
    this.#failure ??= error
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure)
  }
}

/** Checks batches of blobs, each on the thread that has the least to do. */
export class BlobThreads {
  readonly #threads: readonly BlobThread[]

  constructor({ count, start }: Threads) {
    this.#threads = Array.from({ length: count }, () => new BlobThread(start()))
  }

  /** Rejects if the thread fails or ends: then nothing is known of these blobs. */
  check(tasks: readonly BlobTask[]): Promise<readonly CheckedBlob[]> {
    const [idlest] = this.#threads.toSorted((a, b) => a.waiting - b.waiting)
    if (idlest === undefined) throw new InvariantError('no thread')
    return idlest.check(tasks)
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map((one) => one.end()))
  }
}
