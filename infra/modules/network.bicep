metadata description = 'The network of a private deployment: one subnet for the app, one for private endpoints, and the zones by which names resolve to them.'

@minLength(2)
@maxLength(64)
param name string
param location string
param tags object

@description('At least a /26: the app needs a /27 of it.')
param addressPrefix string

@description('Id of a NAT gateway for what the app sends to the internet (the webhook); empty: the default way out of the virtual network.')
param natGatewayId string

// The public cloud's names; other clouds have others.
var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  eventHub: 'privatelink.servicebus.windows.net'
  keyVault: 'privatelink.vaultcore.azure.net'
  sites: 'privatelink.azurewebsites.net'
  monitor: 'privatelink.monitor.azure.com'
  monitorOms: 'privatelink.oms.opinsights.azure.com'
  monitorOds: 'privatelink.ods.opinsights.azure.com'
  monitorAgents: 'privatelink.agentsvc.azure-automation.net'
}
var zones = items(zoneNames)

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        addressPrefix
      ]
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 27, 0)
          // Flex Consumption runs on this platform: the delegation to Microsoft.Web of other plans fails.
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
          natGateway: empty(natGatewayId) ? null : {
            id: natGatewayId
          }
        }
      }
      {
        name: 'private-endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 27, 1)
          defaultOutboundAccess: false
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }
}

resource dnsZones 'Microsoft.Network/privateDnsZones@2020-06-01' = [for zone in zones: {
  name: zone.value
  location: 'global'
  tags: tags
  properties: {}
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = [for (zone, index) in zones: {
  parent: dnsZones[index]
  name: name
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network.id
    }
  }
}]

output appSubnetId string = '${network.id}/subnets/app'
output endpointSubnetId string = '${network.id}/subnets/private-endpoints'

@description('Ids of the zones by what they are for.')
output zoneIds object = mapValues(zoneNames, zoneName => resourceId('Microsoft.Network/privateDnsZones', zoneName))

@description('Ids of the zones that Azure Monitor needs, all of them at once.')
output monitorZoneIds string[] = map([zoneNames.monitor, zoneNames.monitorOms, zoneNames.monitorOds, zoneNames.monitorAgents, zoneNames.blob], zoneName => resourceId('Microsoft.Network/privateDnsZones', zoneName))
