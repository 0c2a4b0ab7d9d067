import type { TokenCredential } from '@azure/identity'
import type { AppSettings } from '../config/parse-settings.ts'
import { DuplicateWindow } from '../delivery/dedup/duplicate-window.ts'
import { PendingMemory } from '../delivery/outbox/pending-memory.ts'
import { Breaker, breakerPolicy } from '../delivery/send/breaker.ts'
import { Refusals } from '../delivery/send/refusals.ts'
import type { Sink } from '../delivery/sink.ts'
import type { SinkPipeline } from '../delivery/sink-pipeline.ts'
import type { Time } from '../domain/time.ts'

/** One sink pipeline per sink that the settings switch on; sinks are loaded when first needed. */
export async function enabledPipelines(
  settings: AppSettings,
  credential: () => Promise<TokenCredential>,
  time: Time,
): Promise<readonly SinkPipeline[]> {
  const { logAnalytics, webhook } = settings
  const pipelines: SinkPipeline[] = []
  const add = (sink: Sink, categories: readonly string[]): void => {
    pipelines.push({
      sink: { ...sink, refusals: new Refusals() },
      accepts: (event) => categories.length === 0 || categories.includes(event.category),
      breaker: new Breaker(breakerPolicy(settings.delivery.deliveryTimeoutMs)),
      window: new DuplicateWindow(),
      pendingMemory: new PendingMemory(),
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
  return pipelines
}
