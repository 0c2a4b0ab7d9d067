import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline'

/**
 * The SDK's own HTTP client, told to trust one more authority: what NODE_EXTRA_CA_CERTS does for a
 * process that starts with it.
 */
export function trustingClient(caPem: string): HttpClient {
  const client = createDefaultHttpClient()
  return {
    sendRequest: (request) => {
      request.tlsSettings = { ca: caPem }
      return client.sendRequest(request)
    },
  }
}
