import { dump } from 'js-yaml'
import { CONNECTOR_ID, SOLUTION } from './about.ts'
import type { SentinelContent } from './content.ts'
import { inWorkspace, type JsonObject, literal } from './template-parts.ts'

const DEFINITION = { binSize: 1440, destinationTable: 'EntraWorkloadRiskState_CL' } as const
const ABOUT = {
  displayName: 'Open risk of workload identities',
  description: 'One row a day for each open detection and identity, read by EntraWorkloadRiskHistory.',
} as const

/** Summary rules call no saved functions: the text of this one stands in its place. */
function query(content: SentinelContent): string {
  const history = content.functions().find(({ name }) => name === 'EntraWorkloadRiskHistory')
  if (history === undefined) throw new Error('the summary rule needs EntraWorkloadRiskHistory')
  return content.text('risk-state.kql').replace('EntraWorkloadRiskHistory()\n', () => history.value.query)
}

/**
 * Carries open risk past the look-back of the rules. Summary rules exist in the public cloud alone;
 * without them rules know what their look-back holds.
 */
export const summaryRuleResource = (content: SentinelContent): JsonObject => ({
  condition: "[equals(environment().name, 'AzureCloud')]",
  type: 'Microsoft.OperationalInsights/workspaces/summaryLogs',
  apiVersion: '2025-07-01',
  name: inWorkspace('EntraWorkloadRiskState'),
  properties: {
    ruleType: 'User',
    ...ABOUT,
    ruleDefinition: { query: literal(query(content)), ...DEFINITION, binDelay: 60 },
  },
})

/** The same in the form of the repository. */
export const summaryRuleYaml = (content: SentinelContent): string =>
  dump(
    {
      id: 'a96f0a6e-6f4d-4f5b-9a3e-5c1a7c1d9b20',
      ...ABOUT,
      requiredDataConnectors: [
        {
          connectorId: 'AzureActiveDirectory',
          dataTypes: [
            'AADAgentRiskEvents',
            'AADRiskyAgents',
            'AADRiskyServicePrincipals',
            'AADServicePrincipalRiskEvents',
          ],
        },
        { connectorId: CONNECTOR_ID, dataTypes: ['EntraRiskDetections_CL', 'EntraRiskyIdentities_CL'] },
      ],
      ...DEFINITION,
      query: query(content),
      version: SOLUTION.version,
    },
    { lineWidth: -1 },
  )
