import { toHttpHeadersLike } from '@azure/core-http-compat'
import { createHttpHeaders, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline'
import type { IHttpClient, WebResource } from '@azure/storage-blob'

/** Adapts an HTTP client to the older interface of the blob and queue SDKs. */
export const olderClient = (client: HttpClient): IHttpClient => ({
  async sendRequest(request) {
    const { headers, ...answer } = await client.sendRequest(newerRequest(request))
    return { ...answer, request, headers: toHttpHeadersLike(headers) }
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
