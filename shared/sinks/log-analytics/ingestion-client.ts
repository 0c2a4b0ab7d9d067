import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineRequest,
} from '@azure/core-rest-pipeline'
import type { TokenCredential } from '@azure/identity'
import { LogsIngestionClient } from '@azure/monitor-ingestion'
import { retryAfterMs } from '../../encoding/retry-after.ts'
import { beginningOfBody } from '../http/beginning-of-body.ts'
import type { Answer } from './answer.ts'
import { monitorAudience } from './audience.ts'
import { parseErrorCode, safeErrorCode } from './parse-error-code.ts'
import { showTokens } from './token-policy.ts'

const API_VERSION = '2023-01-01'
const ANY_STATUS = new Set([Number.POSITIVE_INFINITY])

export interface IngestionClientOptions {
  /** Logs ingestion endpoint of the data collection rule, https. */
  readonly endpoint: string
  /** Immutable id of the data collection rule. */
  readonly ruleId: string
  readonly credential: TokenCredential
  readonly httpClient: HttpClient
  /** For a `Retry-After` that is a date. */
  readonly nowMs: () => number
}

export interface IngestionClient {
  /**
   * Makes one request, and after a 401 another with a new token; no other retries, no redirects.
   * @param body JSON text, compressed
   */
  post(stream: string, body: Promise<Buffer>, signal: AbortSignal): Posted
}

/** A request under way. */
export interface Posted {
  /** Its `x-ms-client-request-id`, by which Azure support finds it. */
  readonly requestId: string
  /** Rejects with the pipeline's error if there was no answer. */
  readonly answer: Promise<Answer>
}

/**
 * Posts encoded rows through the pipeline of the official client: token, TLS, proxy, user agent and
 * tracing are its own. Its `upload` would stringify every row twice, hide errors and silently lose
 * data when aborted between chunks.
 */
export function ingestionClient(options: IngestionClientOptions): IngestionClient {
  const { endpoint, ruleId, credential, httpClient, nowMs } = options
  const audience = monitorAudience(endpoint)
  const { pipeline } = new LogsIngestionClient(endpoint, credential, {
    audience,
    retryOptions: { maxRetries: 0 },
  })
  // Our wrappers retry; redirects would send events elsewhere; we compress at another level, and
  // accept no compressed answers.
  for (const name of ['redirectPolicy', 'GzippingPolicy', 'decompressResponsePolicy']) {
    pipeline.removePolicy({ name })
  }
  showTokens(pipeline, credential, `${audience}/.default`)
  const url = (stream: string): string =>
    `${endpoint.replace(/\/+$/, '')}/dataCollectionRules/${ruleId}/streams/${stream}?api-version=${API_VERSION}`

  async function send(request: PipelineRequest, body: Promise<Buffer>): Promise<Answer> {
    request.body = await body
    const response = await pipeline.sendRequest(httpClient, request)
    const { status, headers } = response
    const text = response.bodyAsText ?? (await beginningOfBody(response.readableStreamBody)).bytes.toString()
    return {
      status,
      retryAfterMs: retryAfterMs(headers.get('retry-after'), nowMs()),
      errorCode: safeErrorCode(headers.get('x-ms-error-code')) ?? parseErrorCode(text),
    }
  }

  return {
    post(stream, body, signal) {
      const request = createPipelineRequest({
        url: url(stream),
        method: 'POST',
        headers: createHttpHeaders({
          accept: 'application/json',
          'content-type': 'application/json',
          'content-encoding': 'gzip',
        }),
        abortSignal: signal,
        streamResponseStatusCodes: ANY_STATUS,
      })
      return { requestId: request.requestId, answer: send(request, body) }
    },
  }
}
