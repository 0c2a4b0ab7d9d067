import { type DeliveryOutcome, failed, type Sink } from '../../delivery/sink.ts'
import { type Fault, isFault } from '../../domain/fault.ts'
import { compress } from '../../encoding/compress.ts'
import { weakMemo } from '../../encoding/weak-memo.ts'
import { cloudEventsFormat } from './cloud-events-format.ts'
import { encodeEvent } from './encode-event.ts'
import type { EncodedEvent } from './encoded-event.ts'
import { bodyBytes, joinBody } from './framing.ts'
import { hostOf, urlFault } from './guard.ts'
import type { WebhookOptions } from './options.ts'
import { noAnswerInTime } from './parse-connection-error.ts'
import { requestSigner } from './signature.ts'
import { splunkHecFormat } from './splunk-hec-format.ts'
import { webhookTransport } from './transport.ts'
import type { WebhookFormat } from './webhook-format.ts'
import { webhookId } from './webhook-id.ts'

/** What this sink is called in settings, stored rows and logs. */
export const WEBHOOK_SINK = 'webhook'

/** The webhook as a sink; `close` gives its connections back. */
export interface WebhookSink extends Sink<EncodedEvent> {
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

function formatOf(options: WebhookOptions): WebhookFormat {
  switch (options.format) {
    case 'cloudevents':
      return cloudEventsFormat(options)
    case 'splunk-hec':
      return splunkHecFormat(options)
  }
}

/**
 * A SIEM that takes events by HTTPS POST: gzip, signed (`signature.ts`), under an id that only the
 * same events repeat (`webhook-id.ts`). Delivered is what the receiver's protocol says is;
 * everything else is a fault with a scope (`answer-fault.ts`, `hec-outcome.ts`,
 * `parse-connection-error.ts`). Redirects are not followed, and addresses that no public receiver
 * has are not connected to (`guard.ts`).
 */
export function webhookSink(options: WebhookOptions): WebhookSink {
  const format = formatOf(options)
  const host = hostOf(options.url)
  const url = new URL(options.url)
  const refusal = urlFault(options)
  const transport = webhookTransport(options, format.readsBody)

  const requestOf = weakMemo((batch: readonly EncodedEvent[]) => {
    const body = joinBody(format.framing, batch)
    const compressed = compress(body)
    return { compressed, sign: requestSigner(webhookId(WEBHOOK_SINK, format.name, batch), body, options) }
  })

  async function deliver(batch: readonly EncodedEvent[], signal: AbortSignal): Promise<DeliveryOutcome> {
    if (refusal !== undefined) return failed(refusal)
    if (signal.aborted) return failed(noAnswerInTime(host))
    const { sign, compressed } = requestOf(batch)
    const signature = sign()
    const id = signature['webhook-id']
    const headers = { ...format.headers, 'content-encoding': 'gzip', ...signature }
    const answer = await transport.exchange({ method: 'POST', url, headers, body: await compressed }, signal)
    return isFault(answer)
      ? { ...failed(answer), requests: [{ id }] }
      : { ...format.outcome(answer, batch), requests: [{ id, status: answer.status }] }
  }

  async function check(signal: AbortSignal): Promise<Fault | undefined> {
    if (refusal !== undefined) return refusal
    const { 'content-type': _, ...headers } = format.headers
    const answer = await transport.exchange({ ...format.probe, headers }, signal)
    return isFault(answer) ? answer : format.health(answer)
  }

  return {
    name: WEBHOOK_SINK,
    limits: { maxEvents: options.maxEvents, maxBytes: options.maxBytes },
    encode: (archived) => encodeEvent(format, options.maxBytes, archived),
    sizeOf: (batch) => bodyBytes(format.framing, batch),
    ready: requestOf,
    deliver,
    check,
    close: () => transport.close(),
    [Symbol.asyncDispose]: () => transport.close(),
  }
}
