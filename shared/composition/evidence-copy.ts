import type { AzureClients } from '../azure/azure-clients.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import type { Time } from '../domain/time.ts'
import { containerCopy } from '../evidence/verify/container-copy.ts'
import type { EvidenceCopy } from '../evidence/verify/evidence-copy.ts'
import { logContainers } from './log-containers.ts'

/** Archive and log of the app, to verify them. */
export async function evidenceCopy(
  settings: Pick<AppSettings, 'evidence'>,
  clients: Pick<AzureClients, 'container'>,
  time: Pick<Time, 'limit'>,
): Promise<EvidenceCopy> {
  const [archive, log] = await Promise.all([clients.container('archive'), logContainers(settings, clients)])
  return containerCopy(archive, log, time)
}
