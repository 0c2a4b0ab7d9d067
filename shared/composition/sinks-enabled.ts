import type { TokenCredential } from '@azure/identity'
import type { AppSettings } from '../config/parse-settings.ts'
import type { BrokenWebhook, WebhookSettings } from '../config/parse-webhooks.ts'
import { acceptedBySink } from '../config/sinks-declared.ts'
import type { Sink } from '../delivery/sink.ts'
import type { Time } from '../domain/time.ts'
import type { EnabledSink } from './assemble.ts'
import { webhookDestination } from './webhook-destination.ts'

/** A webhook as a sink, loaded on first use; where it cannot be set up, one that says so. */
export async function webhookSinkOf(
  webhook: WebhookSettings | BrokenWebhook,
  credential: () => Promise<TokenCredential>,
  time: Pick<Time, 'now'>,
): Promise<Sink> {
  if (webhook.problems !== undefined) {
    const { brokenSink } = await import('../sinks/webhook/broken-sink.ts')
    return brokenSink(webhook.name, webhook.problems)
  }
  const { webhookSink } = await import('../sinks/webhook/sink.ts')
  return webhookSink(webhookDestination(webhook, credential, time))
}

/** The sinks enabled by the settings; each is loaded on first use. */
export async function enabledSinks(
  settings: AppSettings,
  credential: () => Promise<TokenCredential>,
  time: Time,
): Promise<readonly EnabledSink[]> {
  const { eventHubOut: hub, logAnalytics, webhooks } = settings
  const sinks: Sink[] = []
  if (logAnalytics !== undefined) {
    const { logAnalyticsSink } = await import('../sinks/log-analytics/sink.ts')
    sinks.push(logAnalyticsSink({ ...logAnalytics, credential: await credential(), nowMs: () => time.now() }))
  }
  if (hub !== undefined) {
    const { eventHubOut } = await import('./event-hub-out.ts')
    sinks.push(eventHubOut(hub, credential))
  }
  for (const webhook of webhooks) sinks.push(await webhookSinkOf(webhook, credential, time))
  const accepted = acceptedBySink(settings)
  return sinks.map((sink) => ({ sink, accepts: accepted.get(sink.name) ?? (() => true) }))
}
