import type { AzureClients } from '../azure/azure-clients.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import { memo } from '../pipeline/memo.ts'
import { logTelemetry, type WriteLog } from '../telemetry/log-telemetry.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { toAll } from '../telemetry/to-all.ts'

/** Log lines always; metrics if Application Insights is configured. */
export interface ProcessTelemetry {
  /** Telemetry that writes its lines to this log. */
  to(write: WriteLog): Promise<Telemetry>
  flush(): Promise<void>
}

export function processTelemetry(
  settings: AppSettings,
  clients: AzureClients,
  log: WriteLog,
): ProcessTelemetry {
  const { telemetryConnectionString } = settings
  const metrics = memo(async () => {
    if (telemetryConnectionString === undefined) return undefined
    try {
      const { azureMonitorMetrics } = await import('./azure-monitor-metrics.ts')
      return azureMonitorMetrics(telemetryConnectionString, await clients.credential())
    } catch {
      // Metrics must never stop the export.
      log(
        'warning',
        'Exporting metrics: check APPLICATIONINSIGHTS_CONNECTION_STRING. The export of events continues.',
      )
      return undefined
    }
  })
  return {
    async to(write) {
      const exported = await metrics()
      return exported === undefined ? logTelemetry(write) : toAll(logTelemetry(write), exported.telemetry)
    },
    flush: async () => (await metrics())?.flush(),
  }
}
