import type { TokenCredential } from '@azure/identity'
import type { AppSettings } from '../config/parse-settings.ts'
import { acceptedBySink, type SinkName } from '../config/sinks-declared.ts'
import type { Sink } from '../delivery/sink.ts'
import type { Time } from '../domain/time.ts'
import type { EnabledSink } from './assemble.ts'
import { webhookDestination } from './webhook-destination.ts'

/** The sinks enabled by the settings; each is loaded on first use. */
export async function enabledSinks(
  settings: AppSettings,
  credential: () => Promise<TokenCredential>,
  time: Time,
): Promise<readonly EnabledSink[]> {
  const { logAnalytics, webhook } = settings
  const accepted = acceptedBySink(settings)
  const sinks: EnabledSink[] = []
  const add = (name: SinkName, sink: Sink): void => {
    const accepts = accepted.get(name)
    if (accepts !== undefined) sinks.push({ sink, accepts })
  }
  if (logAnalytics !== undefined) {
    const { logAnalyticsSink } = await import('../sinks/log-analytics/sink.ts')
    const sink = logAnalyticsSink({
      ...logAnalytics,
      credential: await credential(),
      nowMs: () => time.now(),
    })
    add('log-analytics', sink)
  }
  if (webhook !== undefined) {
    const { webhookSink } = await import('../sinks/webhook/sink.ts')
    add('webhook', webhookSink(webhookDestination(webhook, time)))
  }
  return sinks
}
