import type { BicepFile, Expression } from '../../support/bicep/ast.ts'
import { bicepFile } from '../../support/bicep/sources.ts'
import { tenantDeployment } from './tenant-rules.ts'
import { differences, ours, type Rule, SCENARIO_NAMES, type World } from './world.ts'

/** The types that we deploy, each pinned to one version of its API. */
const API_VERSIONS: Readonly<Record<string, string>> = {
  'microsoft.aadiam/diagnosticSettings': '2017-04-01',
  'Microsoft.Authorization/roleAssignments': '2022-04-01',
  'Microsoft.Authorization/roleDefinitions': '2022-04-01',
  'Microsoft.EventHub/namespaces': '2024-01-01',
  'Microsoft.EventHub/namespaces/authorizationRules': '2024-01-01',
  'Microsoft.EventHub/namespaces/eventhubs': '2024-01-01',
  'Microsoft.EventHub/namespaces/eventhubs/consumergroups': '2024-01-01',
  'Microsoft.EventHub/namespaces/networkRuleSets': '2024-01-01',
  'Microsoft.Insights/actionGroups': '2023-01-01',
  'Microsoft.Insights/components': '2020-02-02',
  'Microsoft.Insights/dataCollectionEndpoints': '2023-03-11',
  'Microsoft.Insights/dataCollectionRules': '2023-03-11',
  'Microsoft.Insights/diagnosticSettings': '2021-05-01-preview',
  'Microsoft.Insights/metricAlerts': '2018-03-01',
  'Microsoft.Insights/privateLinkScopes': '2021-07-01-preview',
  'Microsoft.Insights/privateLinkScopes/scopedResources': '2021-07-01-preview',
  'Microsoft.Insights/scheduledQueryRules': '2023-12-01',
  'Microsoft.KeyVault/vaults': '2024-11-01',
  'Microsoft.KeyVault/vaults/keys': '2024-11-01',
  'Microsoft.KeyVault/vaults/secrets': '2024-11-01',
  'Microsoft.ManagedIdentity/userAssignedIdentities': '2023-01-31',
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
  'Microsoft.Storage/storageAccounts/queueServices/queues': '2024-01-01',
  'Microsoft.Storage/storageAccounts/tableServices/tables': '2024-01-01',
  'Microsoft.Web/serverfarms': '2024-04-01',
  'Microsoft.Web/sites': '2024-04-01',
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': '2024-04-01',
  'Microsoft.Web/sites/config': '2024-04-01',
}

/** Names that an expression mentions. */
function* namesIn(expression: Expression): Generator<string> {
  switch (expression.kind) {
    case 'name':
      yield expression.name
      return
    case 'string':
      for (const part of expression.parts) if (typeof part !== 'string') yield* namesIn(part)
      return
    case 'object':
      for (const { key, value } of expression.properties) {
        yield* namesIn(key)
        yield* namesIn(value)
      }
      return
    case 'array':
      for (const item of expression.items) yield* namesIn(item)
      return
    case 'call':
      for (const arg of expression.args) yield* namesIn(arg)
      return
    default:
      for (const part of Object.values(expression)) {
        if (typeof part === 'object' && 'kind' in part) yield* namesIn(part)
      }
  }
}

const used = (file: BicepFile): ReadonlySet<string> =>
  new Set(
    [
      ...file.parameters.flatMap((p) => (p.fallback === undefined ? [] : [p.fallback])),
      ...file.variables.map((v) => v.value),
      ...file.resources.map((r) => r.body),
      ...file.modules.map((m) => m.body),
      ...file.outputs.map((o) => o.value),
    ].flatMap((expression) => [...namesIn(expression)]),
  )

const deployedVersions = (world: World): readonly string[] => [
  ...new Set(
    [...SCENARIO_NAMES.map((scenario) => world.deployment(scenario)), tenantDeployment(world)].flatMap((d) =>
      d.resources.map((r) => `${r.type}@${r.apiVersion}`),
    ),
  ),
]

/** The files themselves. */
export const formRules: readonly Rule[] = [
  {
    name: 'every file is Bicep, and every way to deploy makes sense',
    check: (world) => [
      ...ours(world.sources).flatMap((path) => (bicepFile(world.sources, path).path === path ? [] : [path])),
      ...SCENARIO_NAMES.filter((scenario) => world.deployment(scenario).resources.length < 50),
    ],
  },
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
        bicepFile(sources, path)
          .resources.filter((r) => r.existing && API_VERSIONS[r.type] !== r.apiVersion)
          .map((r) => `${path} ${r.name}`),
      ),
  },
  {
    name: 'every decorator is one that Bicep knows',
    check: ({ sources }) =>
      ours(sources).flatMap((path) =>
        [...sources.text(path).matchAll(/^\s*@(\w+)\(/gm)]
          .map((match) => match[1] ?? '')
          .filter((name) => !DECORATORS.has(name))
          .map((name) => `${path} @${name}`),
      ),
  },
  {
    name: 'no parameter and no variable is there for nothing',
    check: ({ sources }) =>
      ours(sources).flatMap((path) => {
        const file = bicepFile(sources, path)
        const names = used(file)
        return [...file.parameters, ...file.variables]
          .filter((d) => !names.has(d.name))
          .map((d) => `${path} ${d.name}`)
      }),
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
          bicepFile(sources, path)
            .outputs.filter((o) => !text.includes(`outputs.${o.name}`))
            .map((o) => `${path} ${o.name}`),
        )
    },
  },
  {
    name: 'every parameter of main.bicep says what it is for, or its name does',
    check: ({ sources }) =>
      bicepFile(sources, 'infra/main.bicep')
        .parameters.filter((p) => !p.decorators.some((d) => d.name === 'description'))
        .map((p) => p.name)
        .filter((name) => !SPEAKING.has(name)),
  },
]

const DECORATORS = new Set([
  'allowed',
  'batchSize',
  'description',
  'export',
  'maxLength',
  'maxValue',
  'minLength',
  'minValue',
  'secure',
])

const SPEAKING = new Set([
  'archiveColdAfterDays',
  'archiveCoolAfterDays',
  'archiveRetentionDays',
  'consumerGroupName',
  'eventHubName',
  'maximumInstanceCount',
  'maximumThroughputUnits',
  'nodeVersion',
  'tableRetentionDays',
  'tableTotalRetentionDays',
])
