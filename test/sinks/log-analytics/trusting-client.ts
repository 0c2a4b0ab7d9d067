import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline'

/**
 * The SDK's own HTTP client, told to trust an authority: what NODE_EXTRA_CA_CERTS does for a whole
 * process.
 */
export function trustingClient(caPem: string): HttpClient {
  const client = createDefaultHttpClient()
  const tlsSettings = { ca: caPem }
  return {
    sendRequest: (request) => {
      request.tlsSettings = tlsSettings
      return client.sendRequest(request)
    },
  }
}
