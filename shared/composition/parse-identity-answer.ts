import { createHttpHeaders, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline'
import type { INetworkModule } from '@azure/msal-node'

/** The managed identity endpoint's answer; MSAL validates its fields. */
const parseIdentityAnswer = (text: string | null | undefined): unknown =>
  text === null || text === undefined || text === '' ? undefined : JSON.parse(text)

/** Adapts an HTTP client to the interface of MSAL. */
export function identityNetwork(client: HttpClient): INetworkModule {
  const send =
    (method: 'GET' | 'POST'): INetworkModule['sendPostRequestAsync'] =>
    async <T>(url: string, options: Parameters<INetworkModule['sendPostRequestAsync']>[1]) => {
      const answer = await client.sendRequest(
        createPipelineRequest({
          url,
          method,
          headers: createHttpHeaders(options?.headers),
          // The endpoint is on this machine.
          allowInsecureConnection: true,
          ...(options?.body === undefined ? {} : { body: options.body }),
        }),
      )
      const { status, headers, bodyAsText } = answer
      return { status, headers: headers.toJSON(), body: parseIdentityAnswer(bodyAsText) as T }
    }
  return { sendGetRequestAsync: send('GET'), sendPostRequestAsync: send('POST') }
}
