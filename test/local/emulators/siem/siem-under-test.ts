import { gzipSync } from 'node:zlib'
import { Webhook } from 'standardwebhooks'
import { Agent, request } from 'undici'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { SiemReceiverOptions } from '../../../../local/emulators/siem/receiver-options.ts'
import { type SiemReceiver, startSiemReceiver } from '../../../../local/emulators/siem/siem-receiver.ts'
import { createLocalAuthority, type LocalAuthority } from '../../../../local/emulators/tls/local-authority.ts'
import type { Destination } from '../../../../shared/sinks/webhook/destination.ts'
import { type WebhookSink, webhookSink } from '../../../../shared/sinks/webhook/sink.ts'
import { SECRET, splunkToken, TOKEN, webhookOptions } from '../../../sinks/webhook/webhook-under-test.ts'

export interface Reply {
  readonly status: number
  readonly body: string
}

/** Receivers, the webhook sink aimed at them, and a client that can do what the sink would not. */
export interface Siem {
  readonly start: (changes?: Partial<SiemReceiverOptions>) => Promise<SiemReceiver>
  readonly sink: (
    receiver: SiemReceiver,
    format?: SiemReceiverOptions['format'],
    changes?: Partial<Destination>,
  ) => WebhookSink
  readonly send: (
    url: string,
    method: string,
    body: string | Buffer,
    headers: Record<string, string>,
  ) => Promise<Reply>
}

/** Signed by the reference library. */
export const signed = (body: string, secret = SECRET, at = new Date(), id = 'msg_1') => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': new Webhook(secret).sign(id, at, body),
})

export const zipped = (body: string): Buffer => gzipSync(body)

export function siem(): Siem {
  let authority: LocalAuthority
  let agent: Agent
  const stops: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    authority = await createLocalAuthority()
    agent = new Agent({ connect: { ca: authority.caPem } })
  })
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop()
  })
  afterAll(() => agent.destroy())
  return {
    start: async (changes = {}) => {
      const receiver = await startSiemReceiver({
        authority,
        secrets: [SECRET],
        format: 'cloudevents',
        token: TOKEN,
        nowMs: Date.now,
        ...changes,
      })
      stops.push(() => receiver.stop())
      return receiver
    },
    sink: ({ url }, format = 'cloudevents', changes = {}) => {
      const sink = webhookSink(
        webhookOptions({
          url,
          format,
          authentication: splunkToken(TOKEN),
          caPem: authority.caPem,
          nowMs: Date.now,
          ...changes,
        }),
      )
      stops.push(() => sink.close())
      return sink
    },
    send: async (url, method, body, headers) => {
      const answer = await request(url, {
        method: method as 'POST',
        body: method === 'GET' || method === 'OPTIONS' ? null : body,
        headers,
        dispatcher: agent,
      })
      return { status: answer.statusCode, body: await answer.body.text() }
    },
  }
}
