import type { Attributes, Meter } from '@opentelemetry/api'
import type { ChunkSummary, DrainSummary, Telemetry } from './telemetry.ts'

/** Bounds of latencies, in milliseconds. */
const LATENCY_BUCKETS = [
  10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 15_000, 60_000, 300_000, 3_600_000, 86_400_000,
]

/**
 * Telemetry as metrics. Dimensions are closed sets (sink, outcome, fault code), never a record's
 * content. Names: `risk_export_<noun>_<unit>`.
 */
export function metricTelemetry(meter: Meter): Telemetry {
  const records = meter.createCounter('risk_export_records_total', {
    description: 'Records read, by outcome: event, fault or skipped.',
  })
  const faults = meter.createCounter('risk_export_faults_total', {
    description: 'Records that could not be normalised, by fault code.',
  })
  const events = meter.createCounter('risk_export_events_total', {
    description: 'Events by sink and outcome.',
  })
  const latency = meter.createHistogram('risk_export_enqueued_to_settled_ms', {
    description: 'From the enqueued time of a chunk’s first message until the chunk is settled.',
    unit: 'ms',
    advice: { explicitBucketBoundaries: LATENCY_BUCKETS },
  })
  const sinkTime = meter.createHistogram('risk_export_sink_duration_ms', {
    description: 'Time that a sink took for the events of one chunk.',
    unit: 'ms',
    advice: { explicitBucketBoundaries: LATENCY_BUCKETS },
  })
  const enqueuedToDelivered = meter.createHistogram('risk_export_enqueued_to_delivered_ms', {
    description: 'From the enqueued time of an event until the sink accepted it.',
    unit: 'ms',
    advice: { explicitBucketBoundaries: LATENCY_BUCKETS },
  })
  const updatedToDelivered = meter.createHistogram('risk_export_updated_to_delivered_ms', {
    description: 'From the last update of an event until the sink accepted it, including Entra’s own delay.',
    unit: 'ms',
    advice: { explicitBucketBoundaries: LATENCY_BUCKETS },
  })
  const pending = meter.createGauge('risk_export_pending_events', {
    description: 'Events pending for a sink.',
  })
  const oldest = meter.createGauge('risk_export_oldest_pending_ms', {
    description: 'Age of the oldest event pending for a sink.',
    unit: 'ms',
  })
  const problems = meter.createCounter('risk_export_problems_total', {
    description: 'Problems that stopped nothing, by name.',
  })

  const facts = meter.createGauge('risk_export_graph_facts', {
    description: 'Facts compared with Microsoft Graph, by where they were found.',
  })
  const lag = meter.createGauge('risk_export_stream_lag_seconds', {
    description: 'Longest time from the last update of a fact until the hub had it.',
    unit: 's',
  })
  const loss = meter.createGauge('risk_export_stream_loss_per_mille', {
    description: 'Facts that the stream has not brought, of a thousand that Microsoft Graph has.',
  })
  const unread = meter.createCounter('risk_export_graph_unread_total', {
    description: 'Collections of Microsoft Graph that could not be read.',
  })
  const contexts = meter.createCounter('risk_export_contexts_total', {
    description: 'Contexts of identities at risk, by outcome: read, leftOut, givenUp or notRequested.',
  })
  const contextsWaiting = meter.createGauge('risk_export_contexts_waiting', {
    description: 'Identities at risk whose context is still to be read.',
  })

  const sealed = meter.createCounter('risk_export_sealed_blobs_total', {
    description: 'Archive blobs added to the log.',
  })
  const logSize = meter.createGauge('risk_export_log_size', { description: 'Leaves of the log.' })

  const countOutcomes = (sink: string, tally: object): void => {
    for (const [outcome, count] of Object.entries(tally) as [string, number][])
      if (count > 0) events.add(count, { sink, outcome })
  }
  const countRecords = (outcome: string, count: number): void => {
    if (count > 0) records.add(count, { outcome } satisfies Attributes)
  }
  return {
    chunkSettled({ tally, faults: codes, sinks, latencyMs }: ChunkSummary) {
      countRecords('event', tally.events)
      countRecords('fault', tally.faults)
      countRecords('skipped', tally.skipped)
      for (const [code, count] of codes) faults.add(count, { code })
      for (const { sink, tally: outcomes, tookMs } of sinks) {
        countOutcomes(sink, outcomes)
        sinkTime.record(tookMs, { sink })
      }
      latency.record(Math.max(0, latencyMs))
    },
    partitionDrained({ sink, delivered, deadLettered }: DrainSummary) {
      countOutcomes(sink, { redelivered: delivered, deadLettered })
    },
    delivered(sink, events, atMs) {
      for (const { event, position } of events) {
        enqueuedToDelivered.record(Math.max(0, atMs - position.enqueuedAt), { sink })
        updatedToDelivered.record(Math.max(0, atMs - event.lastUpdatedAt), { sink })
      }
    },
    pendingAtSinks(sinks) {
      for (const { sink, events, oldestMs } of sinks) {
        pending.record(events, { sink })
        oldest.record(oldestMs, { sink })
      }
    },
    reconciled({ inBoth, onlyInStream, onlyInGraph, enrichedInGraph, streamLagSeconds, streamLossPerMille }) {
      for (const [found, count] of Object.entries({ inBoth, onlyInStream, onlyInGraph, enrichedInGraph }))
        facts.record(count, { found })
      lag.record(streamLagSeconds)
      loss.record(streamLossPerMille)
    },
    graphUnread: (collection) => unread.add(1, { collection }),
    contextsRead({ waiting, ...outcomes }) {
      for (const [outcome, count] of Object.entries(outcomes)) if (count > 0) contexts.add(count, { outcome })
      contextsWaiting.record(waiting)
    },
    contextsNotRequested: (identities) => contexts.add(identities, { outcome: 'notRequested' }),
    sealed({ blobs, size }) {
      sealed.add(blobs)
      logSize.record(size)
    },
    problem: (problem) => problems.add(1, { problem }),
  }
}
