import type { TokenCredential } from '@azure/identity'
import { AzureMonitorMetricExporter } from '@azure/monitor-opentelemetry-exporter'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { metricTelemetry } from '../telemetry/metric-telemetry.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

const EXPORT_INTERVAL_MS = 60_000

/** Metrics exported from the process. */
export interface ExportedMetrics {
  readonly telemetry: Telemetry
  /** Sends what is left; await it before the process ends. */
  flush(): Promise<void>
}

/**
 * Exports metrics to Application Insights by OpenTelemetry. Loaded only if configured: the SDK
 * takes longer to load than the app.
 * @param credential for an Application Insights that requires more than the instrumentation key
 */
export function azureMonitorMetrics(connectionString: string, credential: TokenCredential): ExportedMetrics {
  const exporter = new AzureMonitorMetricExporter({ connectionString, credential })
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: EXPORT_INTERVAL_MS })
  const provider = new MeterProvider({ readers: [reader] })
  return {
    telemetry: metricTelemetry(provider.getMeter('entra-risk-export')),
    flush: () => provider.forceFlush(),
  }
}
