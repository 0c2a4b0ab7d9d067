import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline'
import type { TokenCredential } from '@azure/identity'
import { LogsIngestionClient } from '@azure/monitor-ingestion'
import { retryAfterMs } from '../../delivery/retry-after.ts'
import { compress } from '../../domain/compress.ts'
import type { Answer } from './answer.ts'
import { monitorAudience } from './audience.ts'
import { parseErrorCode, safeErrorCode } from './parse-error-code.ts'

const API_VERSION = '2023-01-01'
const MAX_ANSWER_BYTES = 65_536
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
   * Makes one request; does not retry and follows no redirect.
   * @param body JSON text, not yet compressed
   */
  post(stream: string, body: Buffer, signal: AbortSignal): Posted
}

/** A request under way. */
export interface Posted {
  /** Its `x-ms-client-request-id`, by which Azure's support finds it. */
  readonly requestId: string
  /** Rejects with whatever the pipeline throws where there was no answer. */
  readonly answer: Promise<Answer>
}

/** The answer's body up to a limit; as much as came, where it breaks off: the status has said what happened. */
async function beginningOfBody({ readableStreamBody }: PipelineResponse): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of readableStreamBody ?? []) {
      chunks.push(Buffer.from(chunk))
      bytes += chunk.length
      // Leaving the loop destroys the stream, and the connection with it.
      if (bytes >= MAX_ANSWER_BYTES) break
    }
  } catch {
    // A broken body changes nothing: neither what the service took, nor what it said of it.
  }
  return Buffer.concat(chunks).toString('utf8', 0, MAX_ANSWER_BYTES)
}

/**
 * Posts ready-made text through the pipeline of the official client: token, TLS, proxy, user agent and tracing are its own. Its
 * `upload` would stringify every row twice, hide its errors and lose data in silence when aborted between chunks.
 */
export function ingestionClient(options: IngestionClientOptions): IngestionClient {
  const { endpoint, ruleId, credential, httpClient, nowMs } = options
  const { pipeline } = new LogsIngestionClient(endpoint, credential, {
    audience: monitorAudience(endpoint),
    retryOptions: { maxRetries: 0 },
  })
  // The wrappers retry; redirects would carry events elsewhere; we compress at another level, and accept no compressed answers.
  for (const name of ['redirectPolicy', 'GzippingPolicy', 'decompressResponsePolicy']) {
    pipeline.removePolicy({ name })
  }
  const url = (stream: string): string =>
    `${endpoint.replace(/\/+$/, '')}/dataCollectionRules/${ruleId}/streams/${stream}?api-version=${API_VERSION}`

  async function send(request: PipelineRequest, body: Buffer): Promise<Answer> {
    request.body = await compress(body)
    const response = await pipeline.sendRequest(httpClient, request)
    const { status, headers } = response
    const text = await beginningOfBody(response)
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
