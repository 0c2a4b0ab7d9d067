import type { TokenCredential } from '@azure/identity'
import type { AppSettings } from '../config/parse-settings.ts'
import { DuplicateWindow } from '../delivery/dedup/duplicate-window.ts'
import { OwingMemory } from '../delivery/outbox/pending-memory.ts'
import { Breaker, breakerPolicy } from '../delivery/send/breaker.ts'
import { Refusals } from '../delivery/send/refusals.ts'
import type { Sink } from '../delivery/sink.ts'
import type { Lane } from '../delivery/sink-pipeline.ts'
import type { Time } from '../domain/time.ts'

/** One lane per sink that the settings switch on; sinks are loaded when first needed. */
export async function enabledLanes(
  settings: AppSettings,
  credential: () => Promise<TokenCredential>,
  time: Time,
): Promise<readonly Lane[]> {
  const { logAnalytics, webhook } = settings
  const lanes: Lane[] = []
  const add = (sink: Sink, categories: readonly string[]): void => {
    lanes.push({
      sink: { ...sink, refusals: new Refusals() },
      accepts: (event) => categories.length === 0 || categories.includes(event.category),
      breaker: new Breaker(breakerPolicy(settings.delivery.patienceMs)),
      window: new DuplicateWindow(),
      owing: new OwingMemory(),
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
  return lanes
}
