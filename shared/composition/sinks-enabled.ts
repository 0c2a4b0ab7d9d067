import type { TokenCredential } from '@azure/identity'
import type { AppSettings } from '../config/parse-settings.ts'
import type { Sink } from '../delivery/sink.ts'
import type { Time } from '../domain/time.ts'
import type { EnabledSink } from './assemble.ts'

/** The sinks enabled by the settings; each is loaded on first use. */
export async function enabledSinks(
  settings: AppSettings,
  credential: () => Promise<TokenCredential>,
  time: Time,
): Promise<readonly EnabledSink[]> {
  const { logAnalytics, webhook } = settings
  const sinks: EnabledSink[] = []
  const add = (sink: Sink, categories: readonly string[]): void => {
    sinks.push({
      sink,
      accepts: (event) => categories.length === 0 || categories.includes(event.category),
    })
  }
  if (logAnalytics !== undefined) {
    const { logAnalyticsSink } = await import('../sinks/log-analytics/sink.ts')
    const sink = logAnalyticsSink({
      ...logAnalytics,
      credential: await credential(),
      nowMs: () => time.now(),
    })
    add(sink, logAnalytics.categories)
  }
  if (webhook !== undefined) {
    const { webhookSink } = await import('../sinks/webhook/sink.ts')
    add(webhookSink({ ...webhook, nowMs: () => time.now() }), webhook.categories)
  }
  return sinks
}
