import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { expect, it } from 'vitest'
import { instant } from '../../shared/domain/identifiers.ts'
import { EMPTY_SINK_TALLY } from '../../shared/domain/tally.ts'
import { metricTelemetry } from '../../shared/telemetry/metric-telemetry.ts'
import type { Telemetry } from '../../shared/telemetry/telemetry.ts'

type Value = number | { readonly count: number; readonly sum: number | undefined }

const plainValue = (value: number | Histogram): Value =>
  typeof value === 'number' ? value : { count: value.count, sum: value.sum }

/** What OpenTelemetry's own SDK would export, by name and dimensions. */
async function metricsOf(tell: (telemetry: Telemetry) => void): Promise<ReadonlyMap<string, Value>> {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const provider = new MeterProvider({ readers: [reader] })
  tell(metricTelemetry(provider.getMeter('test')))
  await provider.forceFlush()
  const metrics = exporter.getMetrics().flatMap((m) => m.scopeMetrics.flatMap((scope) => scope.metrics))
  await provider.shutdown()
  return new Map(
    metrics.flatMap(({ descriptor, dataPoints }) =>
      (dataPoints as readonly DataPoint<number | Histogram>[]).map(({ attributes, value }) => [
        [descriptor.name, ...Object.values(attributes)].join(' '),
        plainValue(value),
      ]),
    ),
  )
}

const NOW = 1_000_000
const chunk = {
  partition: '0',
  firstSequenceNumber: 1,
  lastSequenceNumber: 2,
  messages: 2,
  archivedBefore: false,
  latencyMs: 40,
  tookMs: 20,
}

it('counts records, faults and the outcomes of events, by sink', async () => {
  const metrics = await metricsOf((telemetry) => {
    for (const delivered of [3, 4])
      telemetry.chunkSettled({
        ...chunk,
        tally: { records: 9, events: 6, faults: 2, skipped: 1 },
        faults: new Map([['bodyNotJson', 2]]),
        sinks: [
          {
            sink: 'webhook',
            tally: { ...EMPTY_SINK_TALLY, delivered, pending: 2, duplicate: 1 },
            attempts: 1,
            tookMs: 5,
            stoppedBy: undefined,
          },
        ],
      })
  })
  expect(Object.fromEntries(metrics)).toEqual({
    'risk_export_records_total event': 12,
    'risk_export_records_total fault': 4,
    'risk_export_records_total skipped': 2,
    'risk_export_faults_total bodyNotJson': 4,
    'risk_export_events_total webhook delivered': 7,
    'risk_export_events_total webhook pending': 4,
    'risk_export_events_total webhook duplicate': 2,
    'risk_export_sink_duration_ms webhook': { count: 2, sum: 10 },
    risk_export_enqueued_to_settled_ms: { count: 2, sum: 80 },
  })
})

it('measures of each event how long it took from its last update and from the hub to a sink', async () => {
  const timed = (updatedMs: number, enqueuedMs: number) => ({
    event: { lastUpdatedAt: instant(updatedMs) },
    position: { enqueuedAt: instant(enqueuedMs) },
  })
  const metrics = await metricsOf((telemetry) => {
    telemetry.delivered('webhook', [timed(NOW - 60_000, NOW - 50), timed(NOW - 90_000, NOW - 30)], NOW)
    telemetry.delivered('log-analytics', [timed(NOW + 5, NOW + 5)], NOW)
  })
  expect(metrics.get('risk_export_updated_to_delivered_ms webhook')).toEqual({ count: 2, sum: 150_000 })
  expect(metrics.get('risk_export_enqueued_to_delivered_ms webhook')).toEqual({ count: 2, sum: 80 })
  const ahead = metrics.get('risk_export_updated_to_delivered_ms log-analytics')
  expect(ahead, 'clocks that disagree make no negative latency').toEqual({ count: 1, sum: 0 })
})

it('shows what is pending and since when, and that it was delivered', async () => {
  const pending = (events: number, oldestMs: number) => [{ sink: 'webhook', events, oldestMs }]
  const during = await metricsOf((telemetry) => telemetry.pendingAtSinks(pending(500, 7000)))
  expect(during.get('risk_export_pending_events webhook')).toBe(500)
  expect(during.get('risk_export_oldest_pending_ms webhook')).toBe(7000)
  const after = await metricsOf((telemetry) => {
    telemetry.pendingAtSinks(pending(500, 7000))
    telemetry.pendingAtSinks(pending(0, 0))
  })
  expect(after.get('risk_export_pending_events webhook')).toBe(0)
  expect(after.get('risk_export_oldest_pending_ms webhook')).toBe(0)
})

it('counts redelivered events apart from those delivered at once, and problems by name', async () => {
  const metrics = await metricsOf((telemetry) => {
    telemetry.partitionDrained({
      sink: 'webhook',
      partition: '0',
      delivered: 10,
      deadLettered: 2,
      stillPending: 0,
      attempts: 1,
      tookMs: 3,
      stoppedBy: undefined,
    })
    telemetry.problem('wakeUpLost', new Error('x'))
  })
  expect(Object.fromEntries(metrics)).toEqual({
    'risk_export_events_total webhook redelivered': 10,
    'risk_export_events_total webhook deadLettered': 2,
    'risk_export_problems_total wakeUpLost': 1,
  })
})
