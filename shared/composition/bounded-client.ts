import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline'

/** Longest wait for one answer of the table service; the SDK has no limit of its own. */
const ANSWER_TIMEOUT_MS = 30_000

/**
 * An HTTP client that gives up on a service that accepts and stays silent: otherwise a request to storage would hold its partition, and
 * the memory of its messages, for ever.
 */
export function boundedClient(timeoutMs: number = ANSWER_TIMEOUT_MS): HttpClient {
  const client = createDefaultHttpClient()
  return {
    sendRequest(request) {
      if (request.timeout === 0) request.timeout = timeoutMs
      return client.sendRequest(request)
    },
  }
}
