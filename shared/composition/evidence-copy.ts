import type { AzureClients } from '../azure/azure-clients.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import type { Time } from '../domain/time.ts'
import { containerCopy } from '../evidence/verify/container-copy.ts'
import type { EvidenceCopy } from '../evidence/verify/evidence-copy.ts'
import { containerPolicies } from './container-policies.ts'
import { type GraphAccess, graphClientFor } from './graph-access.ts'
import { logContainers } from './log-containers.ts'

/**
 * Archive and log of the app, to verify them.
 * @param access to Azure Resource Manager
 */
export async function evidenceCopy(
  settings: Pick<AppSettings, 'evidence' | 'graph'>,
  clients: Pick<AzureClients, 'container'>,
  access: GraphAccess,
  time: Time,
): Promise<EvidenceCopy> {
  const [archive, log] = await Promise.all([clients.container('archive'), logContainers(settings, clients)])
  const manager = () => graphClientFor(settings.graph.resourceManagerEndpoint, access, time)
  return {
    ...containerCopy(archive, log, time),
    policies: (signal) => containerPolicies([archive, log.fixed], manager, signal),
  }
}
