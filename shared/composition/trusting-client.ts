import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline'

/**
 * The SDK's HTTP client with one more trusted authority, like NODE_EXTRA_CA_CERTS for a process.
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
