import type { AzureClients } from '../azure/azure-clients.ts'
import type { Time } from '../domain/time.ts'
import { type StateBlob, stateBlob } from '../graph/state-blob.ts'

/** In the host storage account, where the app may create containers. */
const STATE_CONTAINER = 'risk-export'

/** The state and the lease that all who call Graph for the app share. */
export const graphState = async (
  clients: Pick<AzureClients, 'hostContainer'>,
  time: Pick<Time, 'sleep'>,
): Promise<StateBlob> => stateBlob(await clients.hostContainer(STATE_CONTAINER), time)
