import { isArray } from '../../support/bicep/value.ts'
import { at, demand, differences, inEach, label, ofType, type Rule, SCENARIO_NAMES, textAt } from './world.ts'

const STORAGE = 'Microsoft.Storage/storageAccounts'
const POLICY = `${STORAGE}/blobServices/containers/immutabilityPolicies`
const LOCK = 'Microsoft.Authorization/locks'
const containerOf = (id: string): string => id.split('/').at(-3) ?? ''

/** Flex Consumption, and the archive. */
export const platformRules: readonly Rule[] = [
  {
    name: 'the plan is Flex Consumption on Linux',
    check: inEach(
      SCENARIO_NAMES,
      demand('Microsoft.Web/serverfarms', {
        kind: 'functionapp',
        sku: { name: 'FC1', tier: 'FlexConsumption' },
        'properties.reserved': true,
      }),
    ),
  },
  {
    name: 'the app says all that Flex Consumption must know, and nothing that it refuses',
    check: inEach(SCENARIO_NAMES, (d) => {
      const identity = ofType(d, 'Microsoft.ManagedIdentity/userAssignedIdentities')[0]?.id ?? ''
      const deployment = `${identity}-deploy`
      const [account] = ofType(d, STORAGE).filter((r) => r.name.startsWith('stpkg'))
      const [app] = ofType(d, 'Microsoft.Web/sites')
      const refused = [
        'linuxFxVersion',
        'alwaysOn',
        'healthCheckPath',
        'use32BitWorkerProcess',
        'appSettings',
      ]
      return [
        ...demand('Microsoft.Web/sites', {
          kind: 'functionapp,linux',
          'identity.type': 'UserAssigned',
          'identity.userAssignedIdentities': { [identity]: {}, [deployment]: {} },
          'properties.keyVaultReferenceIdentity': identity,
          'properties.functionAppConfig.runtime': { name: 'node', version: '24' },
          'properties.functionAppConfig.scaleAndConcurrency.instanceMemoryMB': 2048,
          'properties.functionAppConfig.scaleAndConcurrency.maximumInstanceCount': 40,
          'properties.functionAppConfig.deployment.storage': {
            type: 'blobContainer',
            value: `https://${account?.name}.blob.core.windows.net/app-package`,
            authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: deployment },
          },
        })(d),
        ...refused.filter((name) => at(app?.body, `properties.siteConfig.${name}`) !== undefined),
        ...(at(app?.body, 'properties.serverFarmId') === ofType(d, 'Microsoft.Web/serverfarms')[0]?.id
          ? []
          : ['plan']),
      ]
    }),
  },
  {
    name: 'instances are always ready only when asked for',
    check: inEach(
      ['plain'],
      demand('Microsoft.Web/sites', { 'properties.functionAppConfig.scaleAndConcurrency.alwaysReady': [] }),
    ),
  },
  {
    name: 'archive, host and package are three accounts, the archive in a resource group of its own',
    check: inEach(SCENARIO_NAMES, (d) => {
      const packages = ofType(d, `${STORAGE}/blobServices/containers`).filter((r) => r.name === 'app-package')
      return [
        ...differences(
          'accounts',
          ofType(d, STORAGE).map((r) => `${r.name.replace(/.{13}$/, '')} in ${r.group}`),
          ['starc in rg-trial-archive', 'sthost in rg-trial', 'stpkg in rg-trial'],
        ),
        ...(packages.length === 1 && /\/stpkg[a-z0-9]{13}\//.test(packages[0]?.id ?? '')
          ? []
          : ['app-package']),
      ]
    }),
  },
  {
    name: 'what can only be said when accounts are made arrives: encryption, redundancy, whose key',
    check: (world) => [
      ...inEach(
        ['landing-zone'],
        demand(STORAGE, { 'properties.encryption.requireInfrastructureEncryption': true }),
      )(world),
      ...inEach(
        ['landing-zone'],
        demand(
          STORAGE,
          {
            'sku.name': 'Standard_GZRS',
            'properties.encryption.keySource': 'Microsoft.Keyvault',
            'properties.encryption.keyvaultproperties': {
              keyname: 'archive',
              keyvaulturi: 'https://kv-keys.vault.azure.net',
            },
            'identity.type': 'UserAssigned',
          },
          (r) => r.name.startsWith('starc'),
        ),
      )(world),
      ...inEach(
        ['plain'],
        demand(STORAGE, {
          'sku.name': 'Standard_ZRS',
          'properties.encryption.keySource': 'Microsoft.Storage',
        }),
      )(world),
    ],
  },
  {
    name: 'the archive has a lock against deletion when asked for',
    check: (world) => [
      ...inEach(['landing-zone'], (d) =>
        differences(
          'locks',
          ofType(d, LOCK).map((r) => `${r.group} ${textAt(r.body, 'properties.level')}`),
          ['rg-trial-archive CanNotDelete'],
        ),
      )(world),
      ...inEach(['plain'], (d) => ofType(d, LOCK).map(label))(world),
    ],
  },
  {
    name: 'evidence cannot be changed for 400 days, and dead letters can',
    check: inEach(['plain', 'usual', 'private'], (d) => [
      ...demand(POLICY, {
        'properties.immutabilityPeriodSinceCreationInDays': 400,
        'properties.allowProtectedAppendWrites': false,
      })(d),
      ...(ofType(d, POLICY)
        .map((r) => containerOf(r.id))
        .sort()
        .join() === 'archive,evidence-fixed,receipts'
        ? []
        : ofType(d, POLICY).map((r) => r.id)),
    ]),
  },
  {
    name: 'the immutability policies are left alone once they are locked',
    check: inEach(['guest'], (d) => ofType(d, POLICY).map(label)),
  },
  {
    name: 'the archive stays in its tier unless asked otherwise, and nothing is deleted before its time',
    check: (world) => {
      const base = 'properties.policy.rules.0.definition.actions.baseBlob'
      const prefixes = 'properties.policy.rules.0.definition.filters.prefixMatch'
      return [
        ...inEach(['plain'], (d) => ofType(d, `${STORAGE}/managementPolicies`).map(label))(world),
        ...inEach(
          ['usual'],
          demand(`${STORAGE}/managementPolicies`, {
            'properties.policy.rules.0.enabled': true,
            'properties.policy.rules.0.type': 'Lifecycle',
            'properties.policy.rules.0.definition.filters.blobTypes': ['blockBlob'],
            [prefixes]: ['archive/', 'evidence-fixed/', 'receipts/'],
            [base]: {
              tierToCool: { daysAfterModificationGreaterThan: 30 },
              tierToCold: { daysAfterModificationGreaterThan: 90 },
            },
          }),
        )(world),
        ...inEach(
          ['guest'],
          demand(`${STORAGE}/managementPolicies`, {
            [`${base}.delete`]: { daysAfterModificationGreaterThan: 500 },
          }),
        )(world),
      ]
    },
  },
  {
    name: 'hub, partitions and retention are as asked for',
    check: inEach(
      SCENARIO_NAMES,
      demand('Microsoft.EventHub/namespaces/eventhubs', {
        'properties.partitionCount': 4,
        'properties.retentionDescription': { cleanupPolicy: 'Delete', retentionTimeInHours: 168 },
      }),
    ),
  },
  {
    name: 'everything that can carry tags carries the name of the deployment, and the app its version and hash',
    check: inEach(SCENARIO_NAMES, (d) => {
      const tagged =
        /^Microsoft\.(EventHub\/namespaces|Insights\/(components|dataCollection\w+|actionGroups|\w+alerts|scheduledQueryRules|privateLinkScopes)|KeyVault\/vaults(\/keys)?|ManagedIdentity\/\w+|Network\/(networkSecurityGroups|privateEndpoints|privateDnsZones|virtualNetworks)|OperationalInsights\/workspaces|Resources\/resourceGroups|Storage\/storageAccounts|Web\/(sites|serverfarms))$/i
      return [
        ...d.resources
          .filter((r) => tagged.test(r.type) && at(r.body, 'tags.azd-env-name') !== 'trial')
          .map(label),
        ...demand('Microsoft.Web/sites', {
          'tags.azd-service-name': 'exporter',
          'tags.risk-export-version': '1.0.0',
          'tags.risk-export-package-sha256': 'ab'.repeat(32),
        })(d),
      ]
    }),
  },
  {
    name: 'names keep within the limits of their kind',
    check: inEach(SCENARIO_NAMES, (d) => {
      const limits: Readonly<Record<string, RegExp>> = {
        [STORAGE]: /^[a-z0-9]{3,24}$/,
        'Microsoft.KeyVault/vaults': /^[a-z][a-z0-9-]{1,22}[a-z0-9]$/,
        'Microsoft.EventHub/namespaces': /^[a-z][a-z0-9-]{4,48}[a-z0-9]$/,
        'Microsoft.Web/sites': /^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/,
        'Microsoft.OperationalInsights/workspaces': /^[a-z0-9][a-z0-9-]{2,61}[a-z0-9]$/,
        'Microsoft.Insights/dataCollectionRules': /^[a-z0-9-]{3,64}$/,
        'Microsoft.Insights/dataCollectionEndpoints': /^[a-z0-9-]{3,44}$/,
      }
      return d.resources.filter((r) => limits[r.type]?.test(r.name) === false).map(label)
    }),
  },
  {
    name: 'the workspace’s neighbours are in its region',
    check: inEach(['guest'], (d) =>
      d.resources
        .filter((r) =>
          /^Microsoft\.Insights\/(components|dataCollectionRules|scheduledQueryRules)$/.test(r.type),
        )
        .filter((r) => at(r.body, 'location') !== 'northeurope')
        .map(label),
    ),
  },
  {
    name: 'tables are made in the group of the existing workspace, and no workspace beside it',
    check: inEach(['guest'], (d) => [
      ...ofType(d, 'Microsoft.OperationalInsights/workspaces').map(label),
      ...ofType(d, 'Microsoft.OperationalInsights/workspaces/tables')
        .filter((r) => r.group !== 'rg-soc' || !r.id.includes('/workspaces/log-soc/'))
        .map(label),
    ]),
  },
  {
    name: 'alarms reach everybody who is to be woken',
    check: inEach(['usual'], (d) => {
      const receivers = at(ofType(d, 'Microsoft.Insights/actionGroups')[0]?.body, 'properties.emailReceivers')
      const addresses = isArray(receivers) ? receivers.map((r) => textAt(r, 'emailAddress')) : []
      return addresses.join() === 'soc@example.com,oncall@example.com' ? [] : addresses.concat('found')
    }),
  },
]
