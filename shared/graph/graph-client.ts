import {
  bearerTokenAuthenticationPolicy,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type Pipeline,
  type PipelineResponse,
} from '@azure/core-rest-pipeline'
import type { TokenCredential } from '@azure/identity'
import { lacksToken } from '../azure/lacks-token.ts'
import type { Time } from '../domain/time.ts'
import { isJsonObject, type Json, type JsonObject } from '../encoding/json.ts'
import { retryAfterMs } from '../encoding/retry-after.ts'
import { faultOfStatus, type GraphAnswer, type GraphFault, isBusy } from './graph-fault.ts'
import { RateLimiter } from './rate-limiter.ts'

export interface GraphClientOptions {
  /** `https://graph.microsoft.com`, or that of a national cloud. */
  readonly endpoint: string
  readonly credential: TokenCredential
  /** Default: everything the identity has been granted. */
  readonly scopes?: readonly string[]
  readonly httpClient: HttpClient
  readonly time: Pick<Time, 'now' | 'monotonicMs' | 'random' | 'sleep'>
}

export interface GraphRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH'
  /** Relative to the endpoint, including the API version: `v1.0/identityProtection/…`. */
  readonly path: string
  readonly body?: JsonObject
}

/** Calls Microsoft Graph, at most once a second, and retries while it is busy. Never rejects. */
export interface GraphClient {
  request(request: GraphRequest, signal: AbortSignal): Promise<GraphAnswer>
  /**
   * Reads a collection page by page, and calls `take` for each object.
   * @param maxPages default: more than any tenant has
   * @returns why it could not be read to the end, if so; `TOO_MANY_PAGES` after `maxPages`
   */
  list(
    path: string,
    take: (object: JsonObject) => void,
    signal: AbortSignal,
    maxPages?: number,
  ): Promise<GraphFault | undefined>
}

/** Otherwise newer enum values are returned as `unknownFutureValue`. */
export const PREFER = 'include-unknown-enum-members'
export const TOO_MANY_PAGES: GraphFault = { kind: 'refused', code: 'pagesWithoutEnd' }

const MAX_ATTEMPTS = 6
const FIRST_BACKOFF_MS = 2000
const MAX_WAIT_MS = 120_000
/** More than any tenant has (pages hold 500); stops an endless chain of links. */
const MAX_PAGES = 1000

const UNAUTHORIZED: GraphAnswer = { ok: false, fault: { kind: 'unauthorized' } }
const unavailable = (code: string): GraphAnswer => ({ ok: false, fault: { kind: 'unavailable', code } })

function parseBody(text: string | null | undefined): Json {
  if (text === undefined || text === null || text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function requestIdOf(response: PipelineResponse): string | undefined {
  const id = response.headers.get('request-id') ?? ''
  return /^[\w-]{1,64}$/.test(id) ? id : undefined
}

function pipelineFor({ endpoint, credential, scopes }: GraphClientOptions): Pipeline {
  const pipeline = createEmptyPipeline()
  pipeline.addPolicy(
    bearerTokenAuthenticationPolicy({
      credential,
      scopes: [...(scopes ?? [`${endpoint.replace(/\/+$/, '')}/.default`])],
    }),
  )
  return pipeline
}

export function graphClient(options: GraphClientOptions): GraphClient {
  const { httpClient, time } = options
  const endpoint = new URL(options.endpoint)
  const pipeline = pipelineFor(options)
  const limiter = new RateLimiter(time)

  async function once(url: URL, request: GraphRequest, signal: AbortSignal): Promise<PipelineResponse> {
    return pipeline.sendRequest(
      httpClient,
      createPipelineRequest({
        url: url.href,
        method: request.method ?? 'GET',
        headers: createHttpHeaders({
          accept: 'application/json',
          prefer: PREFER,
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        }),
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        abortSignal: signal,
      }),
    )
  }

  async function ask(url: URL, request: GraphRequest, signal: AbortSignal): Promise<GraphAnswer> {
    let last: GraphAnswer = unavailable('aborted')
    for (let attempt = 0; attempt < MAX_ATTEMPTS && !signal.aborted; attempt += 1) {
      await limiter.acquire(signal)
      if (signal.aborted) break
      let waitMs = FIRST_BACKOFF_MS * 2 ** attempt * (1 + time.random())
      try {
        const response = await once(url, request, signal)
        const body = parseBody(response.bodyAsText)
        const requestId = requestIdOf(response)
        if (response.status < 300) return { ok: true, body, requestId }
        last = { ok: false, fault: faultOfStatus(response.status, body), requestId }
        if (!isBusy(response.status)) return last
        // Throttling by Identity Protection has none.
        waitMs = Math.max(waitMs, retryAfterMs(response.headers.get('retry-after'), time.now()) ?? 0)
      } catch (error) {
        if (lacksToken(error)) return UNAUTHORIZED
        last = unavailable('no answer')
      }
      limiter.pause(Math.min(waitMs, MAX_WAIT_MS))
    }
    return last
  }

  /** Links in responses are followed only on the same origin; others are `undefined`. */
  function urlOf(path: string): URL | undefined {
    const url = new URL(path, `${endpoint.href.replace(/\/+$/, '')}/`)
    return url.origin === endpoint.origin ? url : undefined
  }

  async function request(asked: GraphRequest, signal: AbortSignal): Promise<GraphAnswer> {
    const url = urlOf(asked.path)
    if (url === undefined) return { ok: false, fault: { kind: 'refused', code: 'linkElsewhere' } }
    return ask(url, asked, signal)
  }

  return {
    request,
    async list(path, take, signal, maxPages = MAX_PAGES) {
      let next: string | undefined = path
      for (let page = 0; next !== undefined; page += 1) {
        if (page === maxPages) return TOO_MANY_PAGES
        const answer: GraphAnswer = await request({ path: next }, signal)
        if (!answer.ok) return answer.fault
        const { body } = answer
        if (!isJsonObject(body) || !Array.isArray(body['value']))
          return { kind: 'unavailable', code: 'noCollection' }
        for (const object of body['value'] as readonly Json[]) if (isJsonObject(object)) take(object)
        const link: Json | undefined = body['@odata.nextLink']
        next = typeof link === 'string' ? link : undefined
      }
      return undefined
    },
  }
}
