import type { AzureClients } from '../azure/azure-clients.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import { monitorAudience } from '../sinks/log-analytics/audience.ts'

const STORAGE_SCOPE = 'https://storage.azure.com/.default'

/** Gets the tokens that the first batch needs; the credential keeps them until they expire. */
export async function firstTokens(
  { archiveStorage, hostStorage, logAnalytics }: AppSettings,
  clients: AzureClients,
): Promise<void> {
  const scopes = [
    ...([archiveStorage, hostStorage].some(({ by }) => by === 'identity') ? [STORAGE_SCOPE] : []),
    ...(logAnalytics === undefined ? [] : [`${monitorAudience(logAnalytics.endpoint)}/.default`]),
  ]
  if (scopes.length === 0) return
  const credential = await clients.credential()
  await Promise.all(scopes.map((scope) => credential.getToken(scope)))
}
