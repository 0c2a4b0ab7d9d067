import type { TokenCredential } from '@azure/identity'
import { AzureMonitorMetricExporter } from '@azure/monitor-opentelemetry-exporter'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { metricTelemetry } from '../telemetry/metric-telemetry.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

const EXPORT_INTERVAL_MS = 60_000

/** Metrics that leave the process. */
export interface ExportedMetrics {
  readonly telemetry: Telemetry
  /** Sends what is left; to be awaited before the process ends. */
  flush(): Promise<void>
}

/**
 * Metrics to Application Insights, by OpenTelemetry. Loaded only when it is configured: the SDK
 * takes longer to load than the app.
 * @param credential where Application Insights takes no instrumentation key alone
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
