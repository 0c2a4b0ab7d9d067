import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline'
import type { Time } from '../domain/time.ts'

/** Longest wait for one answer, from the first byte sent to the last one received; the SDKs have no limit of their own. */
const ANSWER_TIMEOUT_MS = 30_000

/**
 * An HTTP client that gives up on a service that accepts and stays silent, before its answer or in the middle of it: otherwise a request to
 * storage would hold its partition, and the memory of its messages, for ever.
 */
export function boundedClient(
  time: Pick<Time, 'timeout'>,
  timeoutMs: number = ANSWER_TIMEOUT_MS,
): HttpClient {
  const client = createDefaultHttpClient()
  return {
    async sendRequest(request) {
      const { abortSignal } = request
      // Whoever asks for a request to be given up asks with a signal of the platform.
      const signals = [abortSignal, time.timeout(timeoutMs)].filter((s) => s instanceof AbortSignal)
      request.abortSignal = AbortSignal.any(signals)
      try {
        return await client.sendRequest(request)
      } finally {
        // Another attempt has its own limit. A body that is still on its way keeps the one that it was asked for with.
        if (abortSignal === undefined) delete request.abortSignal
        else request.abortSignal = abortSignal
      }
    },
  }
}
