metadata description = 'The zones by which names resolve to private endpoints, linked to a network.'

param tags object

@description('Id of the virtual network.')
param networkId string

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

resource dnsZones 'Microsoft.Network/privateDnsZones@2020-06-01' = [for zone in zones: {
  name: zone.value
  location: 'global'
  tags: tags
  properties: {}
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = [for (zone, index) in zones: {
  parent: dnsZones[index]
  name: last(split(networkId, '/'))
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: networkId
    }
  }
}]

@description('Ids of the zones by what they are for.')
output zoneIds object = mapValues(zoneNames, zoneName => resourceId('Microsoft.Network/privateDnsZones', zoneName))

@description('Ids of the zones that Azure Monitor needs, all of them at once.')
output monitorZoneIds string[] = map([zoneNames.monitor, zoneNames.monitorOms, zoneNames.monitorOds, zoneNames.monitorAgents, zoneNames.blob], zoneName => resourceId('Microsoft.Network/privateDnsZones', zoneName))
