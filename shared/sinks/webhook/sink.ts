import { type DeliveryOutcome, failed, type Sink } from '../../delivery/sink.ts'
import { type Fault, isFault } from '../../domain/fault.ts'
import { compressSpans } from '../../encoding/compress-spans.ts'
import { joinedBytes, joinSpans } from '../../encoding/span.ts'
import { weakMemo } from '../../encoding/weak-memo.ts'
import { credentialsOf } from './credentials.ts'
import { type Destination, receiverOf } from './destination.ts'
import { encodeEvent } from './encode-event.ts'
import type { EncodedEvent } from './encoded-event.ts'
import { FORMATS } from './formats/formats.ts'
import { FRAMINGS } from './framing.ts'
import { urlFault } from './guard.ts'
import { noAnswerInTime } from './parse-connection-error.ts'
import { redactor } from './redact.ts'
import { requestSigner } from './signature.ts'
import { webhookTransport } from './transport.ts'
import { webhookId } from './webhook-id.ts'

/** A webhook destination as a sink; `close` gives its connections back. */
export interface WebhookSink extends Sink<EncodedEvent> {
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A receiver that takes events by HTTPS POST, under an id that only the same events repeat
 * (`webhook-id.ts`), signed (`signature.ts`) and authenticated (`credentials.ts`) as its settings
 * say. Delivered is what the receiver's protocol says is (`formats/`); everything else is a fault
 * with a scope (`answer-fault.ts`, `parse-connection-error.ts`). Redirects are not followed, and
 * addresses that no public receiver has are not connected to (`guard.ts`).
 */
export function webhookSink(destination: Destination): WebhookSink {
  const { name, maxBytes, settingsPrefix } = destination
  const format = FORMATS[destination.format](destination)
  const framing = FRAMINGS[destination.framing]
  const redact = redactor(destination.redactions, destination.redactKey)
  const encoding = { encoder: format.encoder, framing, maxBytes, redact, settingsPrefix }
  const receiver = receiverOf(destination)
  const url = new URL(destination.url)
  const refusal = urlFault(destination)
  const credentials = credentialsOf(destination.authentication, receiver)
  const transport = webhookTransport(destination, format, credentials)
  const ofDelivery = {
    ...format.headers,
    'content-type': destination.contentType,
    ...(destination.gzip ? { 'content-encoding': 'gzip' } : {}),
    ...destination.headers,
  }

  const requestOf = weakMemo((batch: readonly EncodedEvent[]) => {
    const plain = (): Buffer => joinSpans(framing, batch)
    const { body, compressed } = destination.gzip ? compressSpans(framing, batch) : { body: plain() }
    const id = webhookId(name, destination.format, batch)
    return { body: compressed ?? body, sign: requestSigner(id, body, destination, plain) }
  })

  async function deliver(batch: readonly EncodedEvent[], signal: AbortSignal): Promise<DeliveryOutcome> {
    if (refusal !== undefined) return failed(refusal)
    if (signal.aborted) return failed(noAnswerInTime(receiver.host))
    const { sign, body } = requestOf(batch)
    const signature = sign()
    const id = signature['webhook-id']
    const headers = { ...ofDelivery, ...signature }
    const sent = await transport.exchange({ method: 'POST', url, headers, body: await body }, signal)
    const { answer, statuses } = sent
    const requests = statuses.map((status) => (status === undefined ? { id } : { id, status }))
    return { ...(isFault(answer) ? failed(answer) : format.outcome(answer, batch)), requests }
  }

  async function check(signal: AbortSignal): Promise<Fault | undefined> {
    if (refusal !== undefined) return refusal
    const headers = { ...format.headers, ...destination.headers }
    const { answer } = await transport.exchange({ ...format.probe, headers }, signal)
    return isFault(answer) ? answer : format.health(answer)
  }

  return {
    name,
    limits: { maxEvents: destination.framing === 'single' ? 1 : destination.maxEvents, maxBytes },
    encode: (archived) => encodeEvent(encoding, archived),
    sizeOf: (batch) => joinedBytes(framing, batch),
    ready: requestOf,
    deliver,
    check,
    close: () => transport.close(),
    [Symbol.asyncDispose]: () => transport.close(),
  }
}
