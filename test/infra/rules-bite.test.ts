import { expect, it } from 'vitest'
import { changedSources, committedSources } from '../support/bicep/sources.ts'
import { RULES } from './rules/all-rules.ts'
import { type Rule, type World, worldOf } from './rules/world.ts'

/** A defect somebody could make, and a part of the name of the rule that must notice it. */
const DEFECTS: readonly (readonly [path: string, from: string, to: string, rule: string])[] = [
  [
    'infra/modules/host-storage.bicep',
    'allowSharedKeyAccess: false',
    'allowSharedKeyAccess: true',
    'storage takes TLS',
  ],
  ['infra/modules/archive-storage.bicep', "'TLS1_2'", "'TLS1_0'", 'storage takes TLS'],
  [
    'infra/modules/archive-storage.bicep',
    "publicAccess: 'None'",
    "publicAccess: 'Blob'",
    'no container is public',
  ],
  ['infra/modules/function-app.bicep', 'httpsOnly: true', 'httpsOnly: false', 'the app takes HTTPS'],
  ['infra/modules/function-app.bicep', "['ftp', 'scm']", "['ftp']", 'the app takes HTTPS'],
  ['infra/modules/event-hub.bicep', 'disableLocalAuth: false', 'disableLocalAuth: true', 'fit for Entra'],
  [
    'infra/modules/event-hub.bicep',
    'trustedServiceAccessEnabled: true',
    'trustedServiceAccessEnabled: false',
    'fit for Entra',
  ],
  ['infra/modules/event-hub.bicep', "      'Manage'\n", '', 'one shared access rule'],
  [
    'infra/modules/key-vault.bicep',
    'enableRbacAuthorization: true',
    'enableRbacAuthorization: false',
    'the vault gives rights',
  ],
  [
    'infra/modules/app-insights.bicep',
    'DisableLocalAuth: true',
    'DisableLocalAuth: false',
    'telemetry and workspace',
  ],
  ['infra/modules/arm/signing-key.json', '"P-256"', '"P-521"', 'the signing key'],
  ['infra/modules/archive-storage.bicep', "category: 'StorageRead'", "category: 'StorageReads'", 'is logged'],
  [
    'infra/modules/key-vault.bicep',
    '@secure()\nparam webhookToken',
    'param webhookToken',
    'named like a secret',
  ],
  [
    'infra/modules/event-hub.bicep',
    'output namespaceId string = namespace.id',
    'output namespaceId string = namespace.listKeys().primaryKey',
    'no key is ever listed',
  ],
  [
    'infra/main.bicep',
    'output appVersion string = appVersion',
    'output appVersion string = webhookSecret',
    'no output holds',
  ],
  [
    'infra/modules/key-vault.bicep',
    'name: name\n  location',
    'name: webhookSecret\n  location',
    'lands in the vault and nowhere else',
  ],
  [
    'infra/main.bicep',
    'param privateNetworking bool = false',
    'param privateNetworking bool = true',
    'there is no network',
  ],
  [
    'infra/modules/key-vault.bicep',
    "'Disabled' : 'Enabled'",
    "'Enabled' : 'Enabled'",
    'everything refuses public addresses',
  ],
  ['infra/main.bicep', "groupId: 'queue'", "groupId: 'file'", 'a private endpoint for each service'],
  ['infra/modules/network.bicep', 'id: network.id', "id: '/x'", 'every zone is linked'],
  [
    'infra/modules/network.bicep',
    'Microsoft.App/environments',
    'Microsoft.Web/serverFarms',
    'delegated as Flex',
  ],
  ['infra/main.bicep', '      appInsights.outputs.id\n', '', 'private link scope'],
  ['infra/modules/ingestion.bicep', 'privateIngestion ? endpoint.id : null', 'null', 'goes by the endpoint'],
  ['infra/roles.json', 'a638d3c7', 'a638d3c8', 'role ids are those'],
  [
    'infra/modules/event-hub.bicep',
    'scope: hub\n  name: guid(hub.id, appPrincipalId, senderRoleId)',
    'scope: namespace\n  name: guid(hub.id, appPrincipalId, senderRoleId)',
    'the app alone has rights',
  ],
  [
    'infra/modules/archive-storage.bicep',
    'principalId: auditorsGroupId',
    'principalId: operatorsGroupId',
    'auditors and operators have exactly',
  ],
  ['infra/main.bicep', "sealArchive ? identity.outputs.principalId : ''", "''", 'may sign with the one key'],
  [
    'infra/main.bicep',
    "'modules/workspace-readers.bicep' = if (ownWorkspace)",
    "'modules/workspace-readers.bicep' = if (true)",
    'a workspace that is not ours',
  ],
  ['infra/modules/archive-storage.bicep', 'blobs/delete', 'blobs/deleted', 'forbids deleting blobs'],
  ['infra/modules/arm/archive-writer-role.json', 'blobs/write"', 'blobs/delete"', 'can neither delete'],
  [
    'infra/modules/key-vault.bicep',
    "principalType: 'Group'",
    "principalType: 'User'",
    'what kind of principal',
  ],
  [
    'infra/modules/event-hub.bicep',
    'name: guid(hub.id, appPrincipalId, senderRoleId)',
    'name: guid(hub.id, appPrincipalId, receiverRoleId)',
    'no two assignments',
  ],
  ['infra/modules/function-app.bicep', '  SWEEP_SCHEDULE:', '  SWEEP_SCHEDULES:', 'exactly the settings'],
  [
    'infra/modules/function-app.bicep',
    'union(settings, empty(webhookUrl) ? {} : webhookSettings)',
    'union(settings, webhookSettings)',
    'without a webhook',
  ],
  [
    'infra/modules/function-app.bicep',
    'LOGS_INGESTION_RULE_ID: logsIngestionRuleId',
    "LOGS_INGESTION_RULE_ID: ''",
    'the program starts',
  ],
  ['infra/modules/function-app.bicep', '?? 20000', '?? 30000', 'keeps the program’s default'],
  ['infra/modules/function-app.bicep', "webhook.?caPem ?? ''", "''", 'what is said arrives'],
  [
    'infra/modules/function-app.bicep',
    "WEBHOOK_SECRET: '@Microsoft",
    "WEBHOOK_SECRET: 'whsec_@Microsoft",
    'a secret setting is a reference',
  ],
  ['infra/modules/function-app.bicep', '(webhook.?rotating ?? false) ?', 'true ?', 'both signing secrets'],
  [
    'infra/modules/function-app.bicep',
    'var settings = {\n',
    "var settings = {\n  FUNCTIONS_WORKER_RUNTIME: 'node'\n",
    'Flex Consumption refuses',
  ],
  [
    'infra/modules/function-app.bicep',
    'AZURE_CLIENT_ID: identityClientId',
    "AZURE_CLIENT_ID: ''",
    'by the one identity',
  ],
  ['infra/modules/host-storage.bicep', "'marks'", "'mark'", 'that the program uses'],
  ['infra/main.bicep', "'risk-export'\n", "'export'\n", 'the hub and the consumer group'],
  ['infra/tables.json', '"RiskLevel"', '"RiskLevels"', 'tables.json is what'],
  [
    'infra/modules/tables.bicep',
    "? 'dateTime' : column.type",
    "? 'string' : column.type",
    'columns that the program declares',
  ],
  ['infra/modules/ingestion.bicep', "kind: 'Direct'", "kind: 'Linux'", 'is Direct'],
  [
    'infra/main.bicep',
    'tableNames: tables.outputs.names',
    "tableNames: ['EntraRiskExportHealth_CL', 'EntraRiskDetections_CL', 'EntraRiskyIdentities_CL']",
    'wait for the tables',
  ],
  ['infra/modules/function-app.bicep', "'function:ingest'", "'function:ingestRisk'", 'always ready exists'],
  ['infra/modules/function-app.bicep', "'FC1'", "'EP1'", 'the plan is Flex'],
  [
    'infra/modules/function-app.bicep',
    "type: 'UserAssignedIdentity'",
    "type: 'SystemAssignedIdentity'",
    'all that Flex',
  ],
  [
    'infra/modules/function-app.bicep',
    'alwaysReadyInstances == 0 ?',
    'alwaysReadyInstances == 9 ?',
    'only when asked for',
  ],
  [
    'infra/main.bicep',
    "scope: archiveGroup\n  name: 'archive-storage'",
    "scope: mainGroup\n  name: 'archive-storage'",
    'two resource groups',
  ],
  ['infra/main.bicep', 'archiveRetentionDays int = 400', 'archiveRetentionDays int = 30', 'for 400 days'],
  [
    'infra/modules/archive-storage.bicep',
    'if (manageImmutabilityPolicy)',
    'if (true)',
    'left alone once they are locked',
  ],
  ['infra/modules/archive-storage.bicep', 'max(deleteAfterDays, retentionDays + 1)', '30', 'before its time'],
  [
    'infra/modules/event-hub.bicep',
    'retentionTimeInHours: retentionHours',
    'retentionTimeInHours: 24',
    'retention are as asked',
  ],
  ['infra/main.bicep', "'azd-env-name'", "'env-name'", 'carries the name'],
  ['infra/abbreviations.json', '"starc"', '"starchive-account-"', 'within the limits'],
  [
    'infra/main.bicep',
    'ownWorkspace || empty(workspaceLocation) ? location : workspaceLocation',
    'location',
    'in its region',
  ],
  [
    'infra/main.bicep',
    'ownWorkspace ? mainGroupName : workspaceIdParts[4]',
    'mainGroupName',
    'group of the existing workspace',
  ],
  ['infra/modules/alerts.bicep', 'emailAddress: address', "emailAddress: 'x'", 'who is to be woken'],
  ['infra/modules/alerts.bicep', "name: 'oldest-owed'", "name: 'old'", 'there is an alarm'],
  ['infra/modules/alerts.bicep', 'DeadLetters > 0', 'DeadLeters > 0', 'every query means'],
  ['infra/modules/alerts.bicep', "operator: 'LessThan'", "operator: 'GreaterThan'", 'sounds when it should'],
  ['infra/modules/alerts.bicep', "'ThrottledRequests'", "'ThrottledRequest'", 'throttling is counted'],
  ['infra/modules/alerts.bicep', "windowSize: 'PT30M'", "windowSize: 'PT5M'", 'at least as far back'],
  ['infra/modules/alerts.bicep', '      workspaceId\n', '      eventHubNamespaceId\n', 'log alarms read'],
  ['infra/modules/tables.bicep', 'parent: workspace', 'parent workspace', 'every file is Bicep'],
  ['infra/modules/tables.bicep', 'tables@2025-02-01', 'tables@2025-02-02', 'versions of the API'],
  [
    'infra/modules/tables.bicep',
    "workspaces@2025-02-01' existing",
    "workspaces@2025-02-03' existing",
    'by the same versions',
  ],
  ['infra/modules/tables.bicep', 'var declared', 'var unused = 1\nvar declared', 'there for nothing'],
  [
    'infra/modules/identity.bicep',
    'output id',
    'output other string = identity.id\noutput id',
    'every output of a module',
  ],
  [
    'infra/main.bicep',
    'param tags object = {}',
    'param tags object = {}\nparam what string = tags.x',
    'says what it is for',
  ],
  [
    'infra/modules/key-vault.bicep',
    "'webhook-token'",
    "'webhook-tokens'",
    'under the names that the settings refer to',
  ],
  ['infra/modules/types.bicep', 'splunkIndex:', 'index:', 'options of the webhook'],
  ['infra/modules/types.bicep', '@minValue(100)', '@minimum(100)', 'every decorator'],
  ['infra/tenant/diagnostic-setting.bicep', "  'RiskyAgents'\n", '', 'the template streams the categories'],
  [
    'infra/tenant/diagnostic-setting.bicep',
    "'entra-risk-export'",
    "'risk-export'",
    'under the name of the script',
  ],
  [
    'infra/tenant/diagnostic-setting.sh',
    'RiskyAgents AgentRiskEvents',
    'RiskyAgents',
    'the same categories as the template',
  ],
]

const rules = Object.values(RULES).flat()

/** A template that makes no sense stops a rule: that is a finding too. */
function findingsOf(rule: Rule | undefined, world: World): readonly string[] {
  try {
    return rule?.check(world) ?? []
  } catch (error) {
    return [String(error)]
  }
}

it.each(DEFECTS)('%s with %j as %j is noticed by «%s»', (path, from, to, ruleName) => {
  const text = committedSources.text(path)
  expect(text).toContain(from)
  const world = worldOf(changedSources(committedSources, path, text.replace(from, to)))
  const rule = rules.find((r) => r.name.includes(ruleName))
  expect(rule).toBeDefined()
  expect(findingsOf(rule, world)).not.toEqual([])
})

it('every rule notices at least one defect', () => {
  const noticed = DEFECTS.map(([, , , part]) => rules.find((r) => r.name.includes(part))?.name)
  expect(rules.map((r) => r.name).filter((name) => !noticed.includes(name))).toEqual([])
})
