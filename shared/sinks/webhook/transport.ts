import type { Dispatcher } from 'undici'
import { retryAfterMs } from '../../delivery/retry-after.ts'
import type { Fault } from '../../domain/fault.ts'
import { type Answer, isAccepted } from './answer.ts'
import { openDispatcher } from './dispatcher.ts'
import { hostOf } from './guard.ts'
import type { WebhookOptions } from './options.ts'
import { connectionFault, timeoutFault } from './parse-connection-error.ts'

/** One request, ready-made. */
export interface WebhookRequest {
  readonly method: 'GET' | 'OPTIONS' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** The one place that talks to the receiver. */
export interface Transport {
  /** One attempt. Resolves, whatever the world does, and promptly when the signal aborts. */
  exchange(request: WebhookRequest, signal: AbortSignal): Promise<Answer | Fault>
  /** Closes all connections; what is in flight fails. */
  close(): Promise<void>
}

const MAX_ANSWER_BYTES = 65_536
const MAX_DRAIN_MS = 2_000

type Incoming = Dispatcher.ResponseData

/**
 * A 2xx has been said: whatever happens to its body, the events are there. So nobody waits for that body; it is read, up to a bound
 * in size and time, only so that the connection can be used again.
 */
const drain = (body: Incoming['body']): void => {
  body.dump({ limit: MAX_ANSWER_BYTES, signal: AbortSignal.timeout(MAX_DRAIN_MS) }).catch(() => undefined)
}

/** The beginning of a body; a body that breaks, or is cut by the deadline, is as long as it got. */
async function beginning(body: Incoming['body']): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= MAX_ANSWER_BYTES) break
    }
  } catch {
    // The status is known, and counts for more than the end of its explanation.
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString()
}

/**
 * @param readsRefusals whether the body of an answer that is not 2xx is wanted
 */
export function webhookTransport(
  options: Omit<WebhookOptions, 'format' | 'secrets' | 'token' | 'splunkIndex' | 'maxEvents' | 'maxBytes'>,
  readsRefusals: boolean,
): Transport {
  const host = hostOf(options.url)
  let opened: Dispatcher | undefined

  async function read({ statusCode: status, headers, body }: Incoming): Promise<Answer> {
    const header = headers['retry-after']
    const wait = retryAfterMs(Array.isArray(header) ? header[0] : header, options.nowMs())
    if (readsRefusals && !isAccepted(status))
      return { status, retryAfterMs: wait, body: await beginning(body) }
    drain(body)
    return { status, retryAfterMs: wait, body: '' }
  }

  return {
    exchange: async ({ method, url, headers, body }, signal) => {
      try {
        opened ??= openDispatcher(options)
        const incoming = await opened.request({
          origin: url.origin,
          path: url.pathname + url.search,
          method,
          headers: { 'user-agent': 'entra-risk-export', ...headers },
          body: body ?? null,
          signal,
        })
        return await read(incoming)
      } catch (error) {
        return signal.aborted ? timeoutFault(host) : connectionFault(error, host)
      }
    },
    close: async () => {
      await opened?.destroy()
    },
  }
}
