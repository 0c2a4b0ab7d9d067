metadata description = 'Private endpoints with their names in the zones.'

param location string
param tags object
param subnetId string

@description('What to reach: name of the endpoint, id of the resource, its sub-resource, ids of the zones that hold its names; none: somebody else, a policy say, writes the names.')
param endpoints endpoint[]

type endpoint = {
  name: string
  resourceId: string
  groupId: string
  zoneIds: string[]
}

// One after the other: two endpoints of one account at once are refused with a conflict.
@batchSize(1)
resource privateEndpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [for target in endpoints: {
  name: 'pep-${target.name}'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: target.name
        properties: {
          privateLinkServiceId: target.resourceId
          groupIds: [
            target.groupId
          ]
        }
      }
    ]
  }
}]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [for (target, index) in endpoints: if (!empty(target.zoneIds)) {
  parent: privateEndpoints[index]
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [for zoneId in target.zoneIds: {
      name: replace(last(split(zoneId, '/')), '.', '-')
      properties: {
        privateDnsZoneId: zoneId
      }
    }]
  }
}]
