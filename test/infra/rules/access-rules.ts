import type { Deployment } from '../../support/bicep/snapshot.ts'
import { isArray } from '../../support/bicep/value.ts'
import { at, demand, differences, inEach, label, ofType, type Rule, SCENARIO_NAMES, textAt } from './world.ts'

const everywhere = SCENARIO_NAMES
const STORAGE = 'Microsoft.Storage/storageAccounts'

/** What is logged where: of storage accounts, by the beginning of their names. */
const LOGS = [
  'blobServices starc: StorageDelete',
  'blobServices starc: StorageRead',
  'blobServices starc: StorageWrite',
  'blobServices sthost: StorageDelete',
  'blobServices stpkg: StorageDelete',
  'blobServices stpkg: StorageRead',
  'blobServices stpkg: StorageWrite',
  'dataCollectionRules: LogErrors',
  'namespaces: EventHubVNetConnectionEvent, dedicated',
  'namespaces: OperationalLogs, dedicated',
  'queueServices sthost: StorageDelete',
  'tableServices sthost: StorageDelete',
  'tableServices sthost: StorageWrite',
  'vaults: AuditEvent, dedicated',
]

const logs = (deployment: Deployment): readonly string[] =>
  ofType(deployment, 'Microsoft.Insights/diagnosticSettings').flatMap(({ scopeId = '', body }) => {
    const account = /\/storageAccounts\/([a-z]+?)[a-z0-9]{13}\//.exec(scopeId)?.[1]
    const where = `${scopeId.split('/').at(-2)}${account === undefined ? '' : ` ${account}`}`
    const dedicated = at(body, 'properties.logAnalyticsDestinationType') === 'Dedicated' ? ', dedicated' : ''
    const list = at(body, 'properties.logs')
    if (!isArray(list) || !textAt(body, 'properties.workspaceId').includes('/workspaces/')) return []
    return list
      .filter((log) => at(log, 'enabled') === true)
      .map((log) => `${where}: ${textAt(log, 'category')}${dedicated}`)
  })

/** Transport, keys and public access. */
export const accessRules: readonly Rule[] = [
  {
    name: 'storage takes TLS 1.2 over HTTPS, Entra identities and nothing anonymous',
    check: inEach(
      everywhere,
      demand(STORAGE, {
        kind: 'StorageV2',
        'properties.minimumTlsVersion': 'TLS1_2',
        'properties.supportsHttpsTrafficOnly': true,
        'properties.allowSharedKeyAccess': false,
        'properties.allowBlobPublicAccess': false,
        'properties.allowCrossTenantReplication': false,
        'properties.allowedCopyScope': 'AAD',
        'properties.defaultToOAuthAuthentication': true,
        'properties.networkAcls.bypass': 'AzureServices',
        'properties.networkAcls.ipRules': [],
        'properties.networkAcls.virtualNetworkRules': [],
      }),
    ),
  },
  {
    name: 'no container is public',
    check: inEach(
      everywhere,
      demand(`${STORAGE}/blobServices/containers`, { 'properties.publicAccess': 'None' }),
    ),
  },
  {
    name: 'the app takes HTTPS with TLS 1.2, and no password to deploy',
    check: inEach(everywhere, (d) => [
      ...demand('Microsoft.Web/sites', {
        'properties.httpsOnly': true,
        'properties.siteConfig.minTlsVersion': '1.2',
        'properties.siteConfig.scmMinTlsVersion': '1.2',
        'properties.siteConfig.ftpsState': 'Disabled',
      })(d),
      ...demand('Microsoft.Web/sites/basicPublishingCredentialsPolicies', { 'properties.allow': false })(d),
      ...['ftp', 'scm']
        .filter(
          (name) =>
            !ofType(d, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies').some((r) => r.name === name),
        )
        .map((name) => `basic publishing by ${name} is not switched off`),
    ]),
  },
  {
    name: 'the namespace is fit for Entra diagnostic settings: Standard, TLS 1.2, local keys on, trusted services let in',
    check: inEach(everywhere, (d) => [
      ...demand('Microsoft.EventHub/namespaces', {
        'sku.name': 'Standard',
        'sku.tier': 'Standard',
        'properties.minimumTlsVersion': '1.2',
        'properties.disableLocalAuth': false,
        'properties.isAutoInflateEnabled': true,
        'properties.maximumThroughputUnits': 4,
        'sku.capacity': 1,
      })(d),
      ...demand('Microsoft.EventHub/namespaces/networkRuleSets', {
        'properties.trustedServiceAccessEnabled': true,
      })(d),
    ]),
  },
  {
    name: 'one shared access rule exists: the diagnostic setting’s, with the three rights that it needs',
    check: inEach(everywhere, (d) => {
      const rules = d.resources.filter((r) => /authorizationRules$/i.test(r.type))
      const rights = at(rules[0]?.body, 'properties.rights')
      return rules.length === 1 && JSON.stringify(rights) === '["Listen","Manage","Send"]'
        ? []
        : rules.map((r) => `${label(r)} ${JSON.stringify(rights)}`).concat(`${rules.length} rules`)
    }),
  },
  {
    name: 'the vault gives rights by role, keeps what is deleted, and by default against everybody',
    check: (world) => [
      ...inEach(
        everywhere,
        demand('Microsoft.KeyVault/vaults', {
          'properties.enableRbacAuthorization': true,
          'properties.enableSoftDelete': true,
          'properties.softDeleteRetentionInDays': 90,
          'properties.enabledForDeployment': false,
          'properties.enabledForDiskEncryption': false,
          'properties.enabledForTemplateDeployment': false,
          'properties.sku': { family: 'A', name: 'standard' },
        }),
      )(world),
      ...inEach(
        ['plain'],
        demand('Microsoft.KeyVault/vaults', { 'properties.enablePurgeProtection': true }),
      )(world),
      ...inEach(
        ['guest'],
        demand('Microsoft.KeyVault/vaults', { 'properties.enablePurgeProtection': null }),
      )(world),
    ],
  },
  {
    name: 'telemetry and workspace take Entra identities alone',
    check: (world) => [
      ...inEach(
        everywhere,
        demand('Microsoft.Insights/components', {
          'properties.DisableLocalAuth': true,
          'properties.Application_Type': 'web',
        }),
      )(world),
      ...inEach(
        ['plain', 'private'],
        demand('Microsoft.OperationalInsights/workspaces', {
          'properties.features': {
            disableLocalAuth: true,
            enableLogAccessUsingOnlyResourcePermissions: true,
          },
        }),
      )(world),
    ],
  },
  {
    name: 'what is deleted can be had back for a month',
    check: inEach(
      everywhere,
      demand(`${STORAGE}/blobServices`, {
        'properties.deleteRetentionPolicy': { enabled: true, days: 30 },
        'properties.containerDeleteRetentionPolicy': { enabled: true, days: 30 },
      }),
    ),
  },
  {
    name: 'who read and wrote what is logged in the workspace, in tables of its own',
    check: inEach(everywhere, (d) => {
      const ownWorkspace = ofType(d, 'Microsoft.OperationalInsights/workspaces').length > 0
      return differences('logs', logs(d), [...LOGS, ...(ownWorkspace ? ['workspaces: Audit'] : [])])
    }),
  },
]
