import { declarationsOf } from '../../support/bicep/declarations.ts'
import { differences, ours, type Rule, SCENARIO_NAMES, type World } from './world.ts'

/** The types that we deploy, each pinned to one version of its API. */
const API_VERSIONS: Readonly<Record<string, string>> = {
  'microsoft.aadiam/diagnosticSettings': '2017-04-01',
  'Microsoft.Authorization/locks': '2020-05-01',
  'Microsoft.Authorization/roleAssignments': '2022-04-01',
  'Microsoft.Authorization/roleDefinitions': '2022-04-01',
  'Microsoft.EventHub/namespaces': '2024-01-01',
  'Microsoft.EventHub/namespaces/authorizationRules': '2024-01-01',
  'Microsoft.EventHub/namespaces/eventhubs': '2024-01-01',
  'Microsoft.EventHub/namespaces/eventhubs/consumergroups': '2024-01-01',
  'Microsoft.EventHub/namespaces/networkRuleSets': '2024-01-01',
  'Microsoft.Insights/actionGroups': '2023-01-01',
  'Microsoft.Insights/activityLogAlerts': '2020-10-01',
  'Microsoft.Insights/components': '2020-02-02',
  'Microsoft.Insights/dataCollectionEndpoints': '2023-03-11',
  'Microsoft.Insights/dataCollectionRules': '2023-03-11',
  'Microsoft.Insights/diagnosticSettings': '2021-05-01-preview',
  'Microsoft.Insights/metricAlerts': '2018-03-01',
  'microsoft.insights/privateLinkScopes': '2021-07-01-preview',
  'Microsoft.Insights/privateLinkScopes/scopedResources': '2021-07-01-preview',
  'Microsoft.Insights/scheduledQueryRules': '2023-12-01',
  'Microsoft.KeyVault/vaults': '2024-11-01',
  'Microsoft.KeyVault/vaults/keys': '2024-11-01',
  'Microsoft.KeyVault/vaults/secrets': '2024-11-01',
  'Microsoft.ManagedIdentity/userAssignedIdentities': '2023-01-31',
  'Microsoft.Network/networkSecurityGroups': '2024-05-01',
  'Microsoft.Network/privateDnsZones': '2020-06-01',
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': '2020-06-01',
  'Microsoft.Network/privateEndpoints': '2024-05-01',
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': '2024-05-01',
  'Microsoft.Network/virtualNetworks': '2024-05-01',
  'Microsoft.OperationalInsights/workspaces': '2025-02-01',
  'Microsoft.OperationalInsights/workspaces/tables': '2025-02-01',
  'Microsoft.Resources/resourceGroups': '2024-03-01',
  'Microsoft.Storage/storageAccounts': '2024-01-01',
  'Microsoft.Storage/storageAccounts/blobServices': '2024-01-01',
  'Microsoft.Storage/storageAccounts/blobServices/containers': '2024-01-01',
  'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies': '2024-01-01',
  'Microsoft.Storage/storageAccounts/managementPolicies': '2024-01-01',
  'Microsoft.Storage/storageAccounts/queueServices': '2024-01-01',
  'Microsoft.Storage/storageAccounts/queueServices/queues': '2024-01-01',
  'Microsoft.Storage/storageAccounts/tableServices': '2024-01-01',
  'Microsoft.Storage/storageAccounts/tableServices/tables': '2024-01-01',
  'Microsoft.SecurityInsights/onboardingStates': '2025-06-01',
  'Microsoft.OperationalInsights/workspaces/savedSearches': '2025-02-01',
  'Microsoft.OperationalInsights/workspaces/summaryLogs': '2025-07-01',
  'Microsoft.OperationalInsights/workspaces/providers/contentPackages': '2023-04-01-preview',
  'Microsoft.OperationalInsights/workspaces/providers/contentTemplates': '2023-04-01-preview',
  'Microsoft.OperationalInsights/workspaces/providers/dataConnectors': '2021-03-01-preview',
  'Microsoft.OperationalInsights/workspaces/providers/metadata': '2023-04-01-preview',
  'Microsoft.OperationalInsights/workspaces/providers/Watchlists': '2023-02-01',
  'Microsoft.Web/serverfarms': '2024-04-01',
  'Microsoft.Web/sites': '2024-04-01',
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': '2024-04-01',
  'Microsoft.Web/sites/config': '2024-04-01',
}

const deployedVersions = (world: World): readonly string[] => [
  ...new Set(
    [...SCENARIO_NAMES, 'tenant' as const].flatMap((scenario) =>
      world.deployment(scenario).resources.map((r) => `${r.type}@${r.apiVersion}`),
    ),
  ),
]

/** The files themselves, beyond what the compiler says of them. */
export const formRules: readonly Rule[] = [
  {
    name: 'types and versions of the API are the pinned ones',
    check: (world) =>
      differences(
        'types',
        deployedVersions(world),
        Object.entries(API_VERSIONS).map(([type, version]) => `${type}@${version}`),
      ),
  },
  {
    name: 'existing resources are asked for by the same versions',
    check: ({ sources }) =>
      ours(sources).flatMap((path) =>
        [...sources.text(path).matchAll(/^resource \w+ '([^@']+)@([^']+)' existing/gm)]
          .filter(([, type = '', version]) => API_VERSIONS[type] !== version)
          .map(([declaration]) => `${path} ${declaration}`),
      ),
  },
  {
    name: 'every output of a module is used',
    check: ({ sources }) => {
      const text = ours(sources)
        .map((path) => sources.text(path))
        .join('\n')
      return ours(sources)
        .filter((path) => path.startsWith('infra/modules/'))
        .flatMap((path) =>
          declarationsOf(sources.text(path))
            .outputs.filter((name) => !text.includes(`outputs.${name}`))
            .map((name) => `${path} ${name}`),
        )
    },
  },
  {
    name: 'every parameter of main.bicep says what it is for, or its name does',
    check: ({ sources }) =>
      declarationsOf(sources.text('infra/main.bicep'))
        .parameters.filter((p) => !p.decorators.includes('description'))
        .map((p) => p.name)
        .filter((name) => !SPEAKING.has(name)),
  },
]

const SPEAKING = new Set([
  'archiveRetentionDays',
  'consumerGroupName',
  'eventHubName',
  'maximumInstanceCount',
  'maximumThroughputUnits',
  'nodeVersion',
  'tableRetentionDays',
  'tableTotalRetentionDays',
])
