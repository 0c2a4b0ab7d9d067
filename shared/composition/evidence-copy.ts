import type { AzureClients } from '../azure/azure-clients.ts'
import type { Time } from '../domain/time.ts'
import { fixedContainerOf, LOG_CONTAINER } from '../evidence/log-layout.ts'
import { containerCopy } from '../evidence/verify/container-copy.ts'
import type { EvidenceCopy } from '../evidence/verify/evidence-copy.ts'

/** Archive and log of the app, to verify them. */
export async function evidenceCopy(
  clients: Pick<AzureClients, 'container'>,
  time: Pick<Time, 'limit'>,
): Promise<EvidenceCopy> {
  const [archive, log, fixed] = await Promise.all([
    clients.container('archive'),
    clients.container(LOG_CONTAINER),
    clients.container(fixedContainerOf(LOG_CONTAINER)),
  ])
  return containerCopy(archive, { log, fixed }, time)
}
