import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline'
import type { Time } from '../domain/time.ts'

/**
 * Longest wait for one answer, from the first byte sent to the last one received; the SDKs have no
 * limit of their own.
 */
const ANSWER_TIMEOUT_MS = 30_000
/**
 * Requests that begin within so much of a limit share one timer: thousands that are over would each
 * keep theirs until it fires.
 */
const SHARED_PART = 1 / 20

/**
 * An HTTP client that gives up on a service that accepts and stays silent, before its answer or in
 * the middle of it: otherwise a request to storage would hold its partition, and the memory of its
 * messages, for ever. Honours the caller's signal besides.
 */
export function boundedClient(
  time: Pick<Time, 'timeout' | 'monotonicMs'>,
  timeoutMs: number = ANSWER_TIMEOUT_MS,
): HttpClient {
  const client = createDefaultHttpClient()
  let shared = { signal: AbortSignal.abort(), untilMs: Number.NEGATIVE_INFINITY }

  function limit(): AbortSignal {
    const nowMs = time.monotonicMs()
    if (nowMs >= shared.untilMs) {
      const partMs = timeoutMs * SHARED_PART
      shared = { signal: time.timeout(timeoutMs + partMs), untilMs: nowMs + partMs }
    }
    return shared.signal
  }

  return {
    async sendRequest(request) {
      // Whoever asks for a request to be given up asks with a signal of the platform.
      const signals = [request.abortSignal, limit()].filter((s) => s instanceof AbortSignal)
      // A copy: the client below takes its listener off the request's signal once the body has
      // ended, so it must find the same one.
      const response = await client.sendRequest({ ...request, abortSignal: AbortSignal.any(signals) })
      // The SDKs find what they expect of an answer by the very object that they asked with; for
      // another they take any status as it comes.
      return { ...response, request }
    },
  }
}
