import { setMaxListeners } from 'node:events'
import { createDefaultHttpClient, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline'
import type { Time } from '../domain/time.ts'

type Signal = NonNullable<PipelineRequest['abortSignal']>

/** Longest wait for an answer, first byte sent to last received; the SDKs have no limit. */
const ANSWER_TIMEOUT_MS = 30_000
/**
 * Requests begun within this part of the limit share a timer: otherwise thousands of completed ones
 * would each keep theirs until it fires.
 */
const SHARED_PART = 1 / 20
/**
 * Each listens to the shared timer's signal until it is over. Of more than this Node says that they
 * leak: 12 drains with 16 reads and 16 writes each, and the ingest of 32 partitions.
 */
const REQUESTS_AT_ONCE = 1000

/**
 * An HTTP client that gives up on a service that goes silent before or during its answer: otherwise
 * a storage request would hold its partition, and the memory of its messages, for ever. Also
 * honours the caller's signal.
 */
export function boundedClient(
  time: Pick<Time, 'limit' | 'monotonicMs'>,
  timeoutMs: number = ANSWER_TIMEOUT_MS,
): HttpClient {
  const client = createDefaultHttpClient()
  let shared = { signal: AbortSignal.abort(), untilMs: Number.NEGATIVE_INFINITY }

  function limit(): AbortSignal {
    const nowMs = time.monotonicMs()
    if (nowMs >= shared.untilMs) {
      const partMs = timeoutMs * SHARED_PART
      shared = { signal: time.limit(timeoutMs + partMs).signal, untilMs: nowMs + partMs }
      setMaxListeners(REQUESTS_AT_ONCE, shared.signal)
    }
    return shared.signal
  }

  return {
    async sendRequest(request) {
      const { abortSignal } = request
      // A copy: once the body has ended, the client removes its listener from the request's signal,
      // so it must find the same signal.
      const response = await client.sendRequest({
        ...request,
        abortSignal: abortSignal === undefined ? limit() : either(abortSignal, limit()),
      })
      // The SDKs look up what they expect of an answer by the request object they sent; for any
      // other, they accept every status.
      return { ...response, request }
    },
  }
}

/**
 * Aborted as soon as one of two signals is. Not by `AbortSignal.any`: that leaves a trace of each
 * request on the shared signal until garbage is collected.
 */
const either = (one: Signal, other: Signal): Signal => ({
  get aborted() {
    return one.aborted || other.aborted
  },
  addEventListener(type, listener) {
    one.addEventListener(type, listener)
    other.addEventListener(type, listener)
  },
  removeEventListener(type, listener) {
    one.removeEventListener(type, listener)
    other.removeEventListener(type, listener)
  },
})
