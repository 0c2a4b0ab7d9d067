import type { AzureClients } from '../azure/azure-clients.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import type { Time } from '../domain/time.ts'
import { type DiagnosticSetting, readDiagnosticSetting } from '../graph/diagnostic-setting.ts'
import { type GraphAccess, graphClientFor } from './graph-access.ts'

/** Agents may be unknown to a tenant. */
const MUST_STREAM = ['RiskyServicePrincipals', 'ServicePrincipalRiskEvents']

/** Whether the tenant's diagnostic settings stream workload risk to the app's own hub. */
export async function tenantSetting(
  { graph }: Pick<AppSettings, 'graph'>,
  clients: Pick<AzureClients, 'hub'>,
  access: GraphAccess,
  time: Time,
  signal: AbortSignal,
): Promise<DiagnosticSetting> {
  const [client, hub] = await Promise.all([
    graphClientFor(graph.resourceManagerEndpoint, access, time),
    clients.hub(),
  ])
  const { fullyQualifiedNamespace: namespace, eventHubName } = hub
  await hub.close()
  return readDiagnosticSetting(client, { namespace, hub: eventHubName, categories: MUST_STREAM }, signal)
}
