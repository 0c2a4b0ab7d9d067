import type { Deployed, Deployment } from '../../support/bicep/snapshot.ts'
import { isArray } from '../../support/bicep/value.ts'
import { at, demand, differences, inEach, label, ofType, type Rule, textAt } from './world.ts'

const idOf = (resource: Deployed, path: string): string => textAt(resource.body, path).toLowerCase()

/** What each private endpoint reaches: the last parts of the id, the sub-resource, the zones. */
function endpoints(deployment: Deployment): readonly string[] {
  return ofType(deployment, 'Microsoft.Network/privateEndpoints').map((endpoint) => {
    const path = 'properties.privateLinkServiceConnections.0.properties'
    const target = idOf(endpoint, `${path}.privateLinkServiceId`)
    const known = deployment.resources.some((r) => r.id.toLowerCase() === target)
    const group = ofType(deployment, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups').find((g) =>
      g.id.startsWith(`${endpoint.id}/`),
    )
    const configs = at(group?.body, 'properties.privateDnsZoneConfigs')
    const zones = (isArray(configs) ? configs : []).map((config) =>
      textAt(config, 'properties.privateDnsZoneId').split('/').at(-1),
    )
    const kind = target.split('/').at(-2) ?? ''
    const prefix = /^(starc|sthost|stpkg)/.exec(target.split('/').at(-1) ?? '')?.[0] ?? ''
    return `${kind}${prefix && ` ${prefix}`} ${textAt(endpoint.body, `${path}.groupIds.0`)} by ${zones.join(' ')}${known ? '' : ' (unknown resource)'}`
  })
}

const ALL_ENDPOINTS = [
  'namespaces namespace by privatelink.servicebus.windows.net',
  'privatelinkscopes azuremonitor by privatelink.monitor.azure.com privatelink.oms.opinsights.azure.com privatelink.ods.opinsights.azure.com privatelink.agentsvc.azure-automation.net privatelink.blob.core.windows.net',
  'sites sites by privatelink.azurewebsites.net',
  'storageaccounts starc blob by privatelink.blob.core.windows.net',
  'storageaccounts sthost blob by privatelink.blob.core.windows.net',
  'storageaccounts sthost queue by privatelink.queue.core.windows.net',
  'storageaccounts sthost table by privatelink.table.core.windows.net',
  'storageaccounts stpkg blob by privatelink.blob.core.windows.net',
  'vaults vault by privatelink.vaultcore.azure.net',
]
const NETWORKED = /^Microsoft\.(Network|Insights\/(privateLinkScopes|dataCollectionEndpoints))/i
const CORP = '/subscriptions/00000000-0000-4000-8000-0000000000bb/resourceGroups'

const BLOB_ZONE = `${CORP}/rg-dns/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net`

/** Private networking: absent unless asked for, complete when asked for. */
export const networkRules: readonly Rule[] = [
  {
    name: 'without private networking there is no network, and nothing is closed that the app must reach',
    check: inEach(['plain', 'usual', 'guest'], (d) => [
      ...d.resources.filter((r) => NETWORKED.test(r.type)).map(label),
      ...demand('Microsoft.Storage/storageAccounts', {
        'properties.publicNetworkAccess': 'Enabled',
        'properties.networkAcls.defaultAction': 'Allow',
      })(d),
      ...demand('Microsoft.KeyVault/vaults', {
        'properties.publicNetworkAccess': 'Enabled',
        'properties.networkAcls.defaultAction': 'Allow',
      })(d),
      ...demand('Microsoft.EventHub/namespaces', { 'properties.publicNetworkAccess': 'Enabled' })(d),
      ...demand('Microsoft.EventHub/namespaces/networkRuleSets', {
        'properties.publicNetworkAccess': 'Enabled',
        'properties.defaultAction': 'Allow',
      })(d),
      ...demand('Microsoft.Web/sites', {
        'properties.publicNetworkAccess': 'Enabled',
        'properties.virtualNetworkSubnetId': null,
      })(d),
      ...demand('Microsoft.Insights/components', { 'properties.publicNetworkAccessForIngestion': 'Enabled' })(
        d,
      ),
      ...demand('Microsoft.Insights/dataCollectionRules', { 'properties.dataCollectionEndpointId': null })(d),
    ]),
  },
  {
    name: 'with private networking everything refuses public addresses',
    check: inEach(['private', 'landing-zone'], (d) => [
      ...demand('Microsoft.Storage/storageAccounts', {
        'properties.publicNetworkAccess': 'Disabled',
        'properties.networkAcls.defaultAction': 'Deny',
      })(d),
      ...demand('Microsoft.KeyVault/vaults', {
        'properties.publicNetworkAccess': 'Disabled',
        'properties.networkAcls.defaultAction': 'Deny',
      })(d),
      // Namespace and rule set must agree; a default of Deny alone closes nothing while there is no rule.
      ...demand('Microsoft.EventHub/namespaces', { 'properties.publicNetworkAccess': 'Disabled' })(d),
      ...demand('Microsoft.EventHub/namespaces/networkRuleSets', {
        'properties.publicNetworkAccess': 'Disabled',
        'properties.defaultAction': 'Deny',
      })(d),
      ...demand('Microsoft.Web/sites', { 'properties.publicNetworkAccess': 'Disabled' })(d),
      ...demand('Microsoft.Insights/components', {
        'properties.publicNetworkAccessForIngestion': 'Disabled',
      })(d),
      ...demand('Microsoft.OperationalInsights/workspaces', {
        'properties.publicNetworkAccessForIngestion': 'Disabled',
      })(d),
      ...demand('Microsoft.Insights/dataCollectionEndpoints', {
        'properties.networkAcls.publicNetworkAccess': 'Disabled',
      })(d),
    ]),
  },
  {
    name: 'with private networking there is a private endpoint for each service, with the zone that names it',
    check: inEach(['private'], (d) => differences('endpoints', endpoints(d), ALL_ENDPOINTS)),
  },
  {
    name: 'every zone is linked to the network, and every endpoint lies in its subnet',
    check: inEach(['private'], (d) => {
      const network = ofType(d, 'Microsoft.Network/virtualNetworks')[0]
      const zones = ofType(d, 'Microsoft.Network/privateDnsZones')
      const links = ofType(d, 'Microsoft.Network/privateDnsZones/virtualNetworkLinks')
      return [
        ...zones
          .filter(
            (zone) =>
              !links.some(
                (link) =>
                  link.id.startsWith(`${zone.id}/`) &&
                  at(link.body, 'properties.virtualNetwork.id') === network?.id &&
                  at(link.body, 'properties.registrationEnabled') === false,
              ),
          )
          .map(label),
        ...demand('Microsoft.Network/privateDnsZones', { location: 'global' })(d),
        ...demand('Microsoft.Network/privateEndpoints', {
          'properties.subnet.id': `${network?.id}/subnets/private-endpoints`,
        })(d),
      ]
    }),
  },
  {
    name: 'the app runs in a subnet that is delegated as Flex Consumption needs it',
    check: inEach(['private'], (d) => {
      const network = ofType(d, 'Microsoft.Network/virtualNetworks')[0]
      return [
        ...demand('Microsoft.Network/virtualNetworks', {
          'properties.addressSpace.addressPrefixes': ['10.90.0.0/26'],
          'properties.subnets.0.name': 'app',
          'properties.subnets.0.properties.addressPrefix': '10.90.0.0/27',
          'properties.subnets.0.properties.delegations.0.properties.serviceName':
            'Microsoft.App/environments',
          'properties.subnets.0.properties.natGateway.id':
            '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/natGateways/n',
          'properties.subnets.1.name': 'private-endpoints',
          'properties.subnets.1.properties.addressPrefix': '10.90.0.32/27',
        })(d),
        ...demand('Microsoft.Web/sites', {
          'properties.virtualNetworkSubnetId': `${network?.id}/subnets/app`,
        })(d),
      ]
    }),
  },
  {
    name: 'the private link scope of Azure Monitor holds endpoint, telemetry and workspace, and ingests from them alone',
    check: inEach(['private'], (d) => {
      const linked = ofType(d, 'Microsoft.Insights/privateLinkScopes/scopedResources').map((r) =>
        textAt(r.body, 'properties.linkedResourceId').split('/').at(-2),
      )
      return [
        ...differences('members', linked.map(String), [
          'components',
          'dataCollectionEndpoints',
          'workspaces',
        ]),
        ...demand('microsoft.insights/privateLinkScopes', {
          'properties.accessModeSettings.ingestionAccessMode': 'PrivateOnly',
        })(d),
      ]
    }),
  },
  {
    name: 'the data collection rule goes by the endpoint where ingestion is private',
    check: inEach(['private'], (d) => {
      const endpoint = ofType(d, 'Microsoft.Insights/dataCollectionEndpoints')[0]
      return demand('Microsoft.Insights/dataCollectionRules', {
        'properties.dataCollectionEndpointId': endpoint?.id,
      })(d)
    }),
  },
  {
    name: 'every subnet of ours has a network security group',
    check: inEach(['private'], (d) => {
      const group = ofType(d, 'Microsoft.Network/networkSecurityGroups')[0]
      return demand('Microsoft.Network/virtualNetworks', {
        'properties.subnets.0.properties.networkSecurityGroup.id': group?.id,
        'properties.subnets.1.properties.networkSecurityGroup.id': group?.id,
      })(d)
    }),
  },
  {
    name: 'in a landing zone subnets, zones and private link scope are those that are given, and none is made',
    check: inEach(['landing-zone'], (d) => {
      const subnets = `${CORP}/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-corp/subnets`
      const made = /virtualNetworks|networkSecurityGroups|privateDnsZones|privateLinkScopes$/
      const zones = ofType(d, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups').map((r) =>
        textAt(r.body, 'properties.privateDnsZoneConfigs.0.properties.privateDnsZoneId'),
      )
      const members = ofType(d, 'Microsoft.Insights/privateLinkScopes/scopedResources')
      return [
        ...d.resources.filter((r) => made.test(r.type)).map(label),
        ...demand('Microsoft.Network/privateEndpoints', {
          'properties.subnet.id': `${subnets}/snet-risk-endpoints`,
        })(d),
        ...demand('Microsoft.Web/sites', {
          'properties.virtualNetworkSubnetId': `${subnets}/snet-risk-app`,
        })(d),
        ...differences('zones', zones, Array(3).fill(BLOB_ZONE)),
        ...(zones.length === 3 ? [] : [`${zones.length} endpoints for blobs have their names`]),
        ...(members.length === 3 && members.every((r) => r.id.startsWith(`${CORP}/rg-monitor/`))
          ? []
          : members.map(label).concat('members')),
      ]
    }),
  },
]
