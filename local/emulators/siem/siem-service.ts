import type { IncomingMessage } from 'node:http'
import { readUnpacked, type Unread } from '../http/read-body.ts'
import type { Exchange, ReceivingService, RequestHead } from '../http/receiving-service.ts'
import type { Reply } from '../http/reply.ts'
import { cloudEventsForm } from './cloud-events-form.ts'
import { elasticBulkForm } from './elastic-bulk-form.ts'
import { EventCounter } from './event-counter.ts'
import { KeptRequests } from './kept-requests.ts'
import { parseCefLines } from './parse-cef-lines.ts'
import { parseJsonEvents } from './parse-json-events.ts'
import { parseOtlpLogs } from './parse-otlp-logs.ts'
import { plainForm } from './plain-form.ts'
import type { SiemReceiverOptions } from './receiver-options.ts'
import type { SiemForm, SiemRequest } from './siem-form.ts'
import { splunkHecForm } from './splunk-hec-form.ts'
import { signatureProblem } from './verify-signature.ts'

const MAX_REFUSALS = 100
const MAX_WIRE_BYTES = 16_000_000
const MAX_BODY_BYTES = 64_000_000

const UNREAD: Readonly<Record<Unread, Reply>> = {
  tooLarge: { status: 413, reason: 'the body is too large' },
  unpacksTooLarge: { status: 400, reason: `the body unpacks to more than ${MAX_BODY_BYTES} bytes` },
  notGzip: { status: 400, reason: 'the body is not gzip' },
  encodingUnknown: { status: 415, reason: 'the content encoding is not known' },
}

function formOf({ format, token = '' }: SiemReceiverOptions): SiemForm {
  switch (format) {
    case 'cloudevents':
      return cloudEventsForm
    case 'elastic-bulk':
      return elasticBulkForm(token)
    case 'json':
    case 'ocsf':
    case 'secops':
      return plainForm(parseJsonEvents)
    case 'cef':
      return plainForm(parseCefLines)
    case 'otlp':
      return {
        ...plainForm(parseOtlpLogs),
        path: '/v1/logs',
        accepted: { status: 200, headers: { 'content-type': 'application/x-protobuf' } },
      }
    case 'splunk-hec':
      return splunkHecForm(token)
  }
}

const requestOf = ({ method, url, headers }: RequestHead): SiemRequest => ({
  method,
  headers,
  path: new URL(url, 'https://localhost').pathname,
})

/** Handles a delivery once it has been read: verifies, parses, stores, counts. */
export class SiemService implements ReceivingService<Buffer | Reply> {
  readonly form: SiemForm
  readonly counter = new EventCounter()
  readonly kept: KeptRequests
  readonly refusals: string[] = []
  readonly #options: SiemReceiverOptions

  constructor(options: SiemReceiverOptions) {
    this.#options = options
    this.form = formOf(options)
    this.kept = new KeptRequests(options.directory)
  }

  isDelivery(head: RequestHead): boolean {
    return head.method === 'POST' && requestOf(head).path === this.form.path
  }

  page(head: RequestHead): Reply | undefined {
    return this.form.page(requestOf(head))
  }

  async read(request: IncomingMessage): Promise<Buffer | Reply> {
    const body = await readUnpacked(request, MAX_WIRE_BYTES, MAX_BODY_BYTES)
    return Buffer.isBuffer(body) ? body : UNREAD[body]
  }

  /**
   * Stores the events of a request, up to the first that is refused.
   * @param body after gunzip, or why there is none
   */
  async handle(exchange: Exchange, body: Buffer | Reply): Promise<Reply> {
    if (!Buffer.isBuffer(body)) return this.refused(body)
    const request = requestOf(exchange)
    const refusal =
      this.form.refusal(request) ??
      this.#headerRefusal(request) ??
      this.#tokenRefusal(request) ??
      this.#signatureRefusal(request, body) ??
      this.counter.fullness()
    if (refusal !== undefined) return this.refused(refusal)
    const read = this.form.readEvents(body, request)
    const { ids, events, refusal: unread, answer = this.form.accepted } = read
    const requestId = String(request.headers['webhook-id'])
    const repeated = this.counter.isRepeated(requestId)
    if (ids.length > 0 && !(repeated && this.#options.dropRepeatedRequests === true)) {
      await this.kept.keep(exchange.headers, body)
      this.counter.add(requestId, ids)
      this.#options.onStored?.({
        requestId,
        eventIds: ids,
        events,
        atMs: this.#options.nowMs(),
        answered: exchange.answered,
      })
    }
    return unread === undefined ? answer : this.refused(unread)
  }

  refused(reply: Reply): Reply {
    this.refusals.push(reply.reason ?? `status ${reply.status}`)
    if (this.refusals.length > MAX_REFUSALS) this.refusals.shift()
    return reply
  }

  #headerRefusal({ headers }: SiemRequest): Reply | undefined {
    const wrong = Object.entries(this.#options.headers ?? {}).find(([name, value]) => headers[name] !== value)
    return wrong === undefined ? undefined : { status: 401, reason: `${wrong[0]} is not what was given` }
  }

  #tokenRefusal({ headers }: SiemRequest): Reply | undefined {
    const { isValidToken = () => true } = this.#options
    const token = /^Bearer (.+)$/.exec(String(headers['authorization']))?.[1] ?? ''
    return isValidToken(token)
      ? undefined
      : { status: 401, reason: 'the token was issued for another audience, or has expired' }
  }

  #signatureRefusal(request: SiemRequest, body: Buffer): Reply | undefined {
    if (this.#options.secrets.length === 0) return undefined
    const reason = signatureProblem(request, body, this.#options.secrets, this.#options.nowMs())
    return reason === undefined ? undefined : { status: 401, reason }
  }
}
