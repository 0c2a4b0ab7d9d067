import type { AppSettings } from '../config/parse-settings.ts'
import { riskCollections } from '../graph/risk-collections.ts'
import type { GraphAccess } from './graph-access.ts'

/**
 * Microsoft Graph Command Line Tools, Microsoft's public client for scripts. The Azure CLI's client
 * may not request Identity Protection permissions.
 */
const CLIENT_ID = '14d82eec-204b-4c2f-b7e8-296a70dab67e'

/**
 * Signs a person in to Graph with the device code flow.
 * @param show displays the sign-in instructions
 * @param permissions delegated permissions to request; default: those to read all risk
 */
export const deviceCode = (
  { tenantId, graph }: Pick<AppSettings, 'tenantId' | 'graph'>,
  show: (message: string) => void,
  permissions: readonly string[] = riskCollections(graph.includeAgents).map(({ permission }) => permission),
): GraphAccess => ({
  credential: async () => {
    const { DeviceCodeCredential } = await import('@azure/identity')
    return new DeviceCodeCredential({
      tenantId,
      clientId: CLIENT_ID,
      userPromptCallback: ({ message }) => show(message),
    })
  },
  scopes: [...new Set(permissions.map((permission) => `${graph.endpoint}/${permission}`))],
})
