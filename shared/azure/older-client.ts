import { createHttpHeaders, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline'
import type { HttpHeaders, IHttpClient, WebResource } from '@azure/storage-blob'

/** Adapts an HTTP client to the older interface of the blob and queue SDKs. */
export const olderClient = (client: HttpClient): IHttpClient => ({
  async sendRequest(request) {
    const { headers, ...answer } = await client.sendRequest(newerRequest(request))
    return {
      ...answer,
      request,
      headers: olderHeaders(request.headers, headers.toJSON({ preserveCase: true })),
    }
  },
})

const newerRequest = (request: WebResource) =>
  createPipelineRequest({
    url: request.url,
    method: request.method,
    headers: createHttpHeaders(request.headers.toJson({ preserveCase: true })),
    timeout: request.timeout,
    requestId: request.requestId,
    withCredentials: request.withCredentials,
    // The older form has the opposite name for it, with this meaning.
    disableKeepAlive: request.keepAlive ?? false,
    // As in these SDKs, which only refuse to send a token over http.
    allowInsecureConnection: true,
    ...given(request, 'body'),
    ...given(request, 'formData'),
    ...given(request, 'abortSignal'),
    ...given(request, 'agent'),
    ...given(request, 'proxySettings'),
    ...given(request, 'streamResponseStatusCodes'),
    ...given(request, 'onDownloadProgress'),
    ...given(request, 'onUploadProgress'),
    ...given(request, 'requestOverrides'),
  })

/** A field, if it has a value. */
const given = <K extends keyof WebResource>(request: WebResource, field: K) =>
  request[field] === undefined
    ? {}
    : ({ [field]: request[field] } as { readonly [F in K]: NonNullable<WebResource[F]> })

/** Copying is the only way the SDKs offer to create headers of the older form. */
function olderHeaders(some: HttpHeaders, values: Readonly<Record<string, string>>): HttpHeaders {
  const headers = some.clone()
  for (const name of headers.headerNames()) headers.remove(name)
  for (const [name, value] of Object.entries(values)) headers.set(name, value)
  return headers
}
