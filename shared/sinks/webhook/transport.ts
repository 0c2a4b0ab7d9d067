import type { Dispatcher } from 'undici'
import request from 'undici/lib/api/api-request.js'
import { type Fault, isFault } from '../../domain/fault.ts'
import { retryAfterMs } from '../../encoding/retry-after.ts'
import { beginningOfBody, MAX_ANSWER_BYTES } from '../http/beginning-of-body.ts'
import { type Answer, isAccepted } from './answer.ts'
import type { Credentials } from './credentials.ts'
import { type Destination, receiverOf } from './destination.ts'
import { openDispatcher } from './dispatcher.ts'
import { cannotBeHtmlPage, HTML_SNIFF_BYTES, isHtmlPage } from './html-page.ts'
import { connectionFault, noAnswerInTime } from './parse-connection-error.ts'
import type { WebhookFormat } from './webhook-format.ts'

/** One complete request. */
export interface WebhookRequest {
  readonly method: 'GET' | 'OPTIONS' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** What came of a request. */
export interface Exchange {
  readonly answer: Answer | Fault
  /** Of each request sent; `undefined`: not answered. */
  readonly statuses: readonly (number | undefined)[]
}

/** The only code that talks to the receiver. */
export interface Transport {
  /**
   * One attempt; one more for each credential that the receiver refuses. Resolves whatever happens,
   * and promptly when the signal aborts.
   */
  exchange(request: WebhookRequest, signal: AbortSignal): Promise<Exchange>
  /** Closes all connections; requests in flight fail. */
  close(): Promise<void>
}

/** Statuses by which any receiver refuses a credential. */
const REFUSALS = new Set([401, 403])
const MAX_DRAIN_MS = 2_000
/** A page arrives with the answer's head or soon after; a 2xx without its body is still a 2xx. */
const MAX_PEEK_MS = 250

const NOT_READ = Buffer.alloc(0)

type Incoming = Dispatcher.ResponseData

/** Reads the rest of a body, within bounds, so that the connection can be reused. */
const drain = (body: Incoming['body']): void => {
  body.dump({ limit: MAX_ANSWER_BYTES, signal: AbortSignal.timeout(MAX_DRAIN_MS) }).catch(() => undefined)
}

/** Reads only as much of a body as it takes to decide. */
async function showsPage(body: Incoming['body'], mediaType: string): Promise<boolean> {
  const chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>
  const late = onceAborted(AbortSignal.timeout(MAX_PEEK_MS))
  let read = Buffer.alloc(0)
  let text = ''
  try {
    while (
      read.length < HTML_SNIFF_BYTES &&
      !cannotBeHtmlPage(mediaType, text) &&
      !isHtmlPage(mediaType, text)
    ) {
      const next = await Promise.race([chunks.next(), late])
      if (next === undefined || next.done === true) return false
      read = Buffer.concat([read, next.value])
      text = read.toString('utf8', 0, HTML_SNIFF_BYTES)
    }
    await chunks.return?.()
  } catch {
    // The status is known, and counts for more than the body.
  }
  return isHtmlPage(mediaType, text)
}

const onceAborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }))

const firstOf = (header: string | string[] | undefined): string =>
  (Array.isArray(header) ? header[0] : header) ?? ''

export function webhookTransport(
  destination: Parameters<typeof openDispatcher>[0] & Pick<Destination, 'url' | 'settingsPrefix' | 'nowMs'>,
  { maxAnswerBytes, refusesCredential }: Pick<WebhookFormat, 'maxAnswerBytes' | 'refusesCredential'>,
  credentials: Credentials,
): Transport {
  const receiver = receiverOf(destination)
  let opened: Promise<Dispatcher> | undefined

  async function read({ statusCode: status, headers, body }: Incoming): Promise<Answer> {
    const head = { status, retryAfterMs: retryAfterMs(headers['retry-after'], destination.nowMs()) }
    const mediaType = firstOf(headers['content-type'])
    const isNeeded = !isAccepted(status) && refusesCredential !== undefined
    const neededBytes = isNeeded ? MAX_ANSWER_BYTES : maxAnswerBytes
    if (neededBytes > 0) {
      const { bytes, isCutOff } = await beginningOfBody(body, neededBytes)
      const page = isAccepted(status) && isHtmlPage(mediaType, bytes.toString('utf8', 0, HTML_SNIFF_BYTES))
      return { ...head, body: bytes, isCutOff, isHtmlPage: page }
    }
    const page = isAccepted(status) && (await showsPage(body, mediaType))
    drain(body)
    return { ...head, body: NOT_READ, isCutOff: false, isHtmlPage: page }
  }

  return {
    exchange: async ({ method, url, headers, body }, signal) => {
      const statuses: (number | undefined)[] = []
      let answer: Answer | Fault = noAnswerInTime(receiver.host)
      for (const credential of credentials.inOrder()) {
        const shown = await credential.headers(signal)
        if (isFault(shown)) return { answer: shown, statuses }
        try {
          opened ??= openDispatcher(destination)
          const incoming = await request.call(await opened, {
            origin: url.origin,
            path: url.pathname + url.search,
            method,
            headers: { 'user-agent': 'entra-risk-export', ...headers, ...shown },
            body: body ?? null,
            signal,
          })
          answer = await read(incoming)
        } catch (error) {
          answer = signal.aborted ? noAnswerInTime(receiver.host) : connectionFault(error, receiver)
        }
        statuses.push(isFault(answer) ? undefined : answer.status)
        if (isFault(answer) || !(REFUSALS.has(answer.status) || refusesCredential?.(answer) === true)) {
          if (!isFault(answer)) credentials.accepted(credential)
          break
        }
      }
      return { answer, statuses }
    },
    close: async () => {
      await (await opened)?.destroy()
    },
  }
}
