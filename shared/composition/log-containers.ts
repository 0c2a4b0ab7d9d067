import type { AzureClients } from '../azure/azure-clients.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import type { LogContainers } from '../evidence/blob-log-store.ts'
import { fixedContainerOf } from '../evidence/log-layout.ts'

/** The containers of the archive's log. */
export async function logContainers(
  { evidence }: Pick<AppSettings, 'evidence'>,
  clients: Pick<AzureClients, 'container'>,
): Promise<LogContainers> {
  const [log, fixed] = await Promise.all([
    clients.container(evidence.log),
    clients.container(fixedContainerOf(evidence.log)),
  ])
  return { log, fixed }
}
