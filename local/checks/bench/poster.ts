import { Agent as HttpAgent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

export type Post = (
  url: string,
  method: 'PUT' | 'POST',
  body: Uint8Array,
  headers?: OutgoingHttpHeaders,
) => Promise<void>

/** The plainest client there is: kept connections, and an error unless the answer is 2xx. */
export function poster(caPem: string): Post {
  const http = new HttpAgent({ keepAlive: true })
  const https = new HttpsAgent({ keepAlive: true, ca: caPem })
  return (url, method, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const options = { method, headers: { ...headers, 'content-length': body.byteLength } }
      const request = url.startsWith('https:')
        ? httpsRequest(url, { ...options, agent: https })
        : httpRequest(url, { ...options, agent: http })
      request.once('error', reject)
      request.once('response', (response) => {
        response.resume()
        response.once('error', reject)
        response.once('end', () => {
          const { statusCode = 0 } = response
          if (statusCode >= 200 && statusCode < 300) resolve()
          else reject(new Error(`${method} ${url}: the receivers answered ${statusCode}.`))
        })
      })
      request.end(body)
    })
}
