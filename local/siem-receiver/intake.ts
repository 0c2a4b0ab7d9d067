import type { IncomingHttpHeaders } from 'node:http'
import { cloudEventsForm } from './cloud-events-form.ts'
import { EventCounter } from './event-counter.ts'
import { KeptRequests } from './kept-requests.ts'
import type { SiemReceiverOptions } from './receiver-options.ts'
import type { Reply, SiemForm, SiemRequest } from './siem-form.ts'
import { splunkHecForm } from './splunk-hec-form.ts'
import { signatureProblem } from './verify-signature.ts'

const MAX_REFUSALS = 100

const formOf = ({ format, token }: SiemReceiverOptions): SiemForm =>
  format === 'cloudevents' ? cloudEventsForm : splunkHecForm(token ?? '')

/** What a SIEM does with a delivery once it has been read: verify, parse, store, count. */
export class Intake {
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

  /**
   * Stores the events of a request, as far as they can be taken; the answer is to be sent only after it.
   * @param body after gunzip
   */
  async store(
    request: SiemRequest & { readonly headers: IncomingHttpHeaders },
    body: Buffer,
  ): Promise<Reply> {
    const refusal = this.form.refusal(request) ?? this.#ungenuine(request, body) ?? this.counter.fullness()
    if (refusal !== undefined) return this.refused(refusal)
    const { ids, refusal: unread } = this.form.readEvents(body)
    const requestId = String(request.headers['webhook-id'])
    const repeated = this.counter.isRepeated(requestId)
    if (ids.length > 0 && !(repeated && this.#options.dropRepeatedRequests === true)) {
      await this.kept.keep(request.headers, body)
      this.counter.add(requestId, ids)
      this.#options.onStored?.(ids, this.#options.nowMs())
    }
    return unread === undefined ? this.form.accepted : this.refused(unread)
  }

  /** Notes why a request was not taken. */
  refused(reply: Reply): Reply {
    this.refusals.push(reply.reason ?? `status ${reply.status}`)
    if (this.refusals.length > MAX_REFUSALS) this.refusals.shift()
    return reply
  }

  #ungenuine(request: SiemRequest, body: Buffer): Reply | undefined {
    const reason = signatureProblem(request, body, this.#options.secrets, this.#options.nowMs())
    return reason === undefined ? undefined : { status: 401, reason }
  }
}
