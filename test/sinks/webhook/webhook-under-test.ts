import type { WebhookOptions } from '../../../shared/sinks/webhook/options.ts'
import { type WebhookSink, webhookSink } from '../../../shared/sinks/webhook/sink.ts'
import { CONTRACT_NOW_MS } from '../../contract/sink-subject.ts'

/** `whsec_` and 24 bytes each; made up here. */
export const SECRET = `whsec_${Buffer.from('a first secret for tests').toString('base64')}`
export const NEXT_SECRET = `whsec_${Buffer.from('and another for rotation').toString('base64')}`
export const TOKEN = '5a5a5a5a-0000-4000-8000-c0ffeec0ffee'

/** Settings as for a receiver on this machine. */
export const webhookOptions = (changes: Partial<WebhookOptions> & { url: string }): WebhookOptions => ({
  format: 'cloudevents',
  secrets: [SECRET],
  token: undefined,
  splunkIndex: undefined,
  allowedHosts: [new URL(changes.url).hostname],
  allowPrivateAddresses: true,
  caPem: undefined,
  maxEvents: 500,
  maxBytes: 1_000_000,
  proxyUrl: undefined,
  nowMs: () => CONTRACT_NOW_MS,
  ...changes,
})

export const webhook = (changes: Partial<WebhookOptions> & { url: string }): WebhookSink =>
  webhookSink(webhookOptions(changes))

export const never = new AbortController().signal
