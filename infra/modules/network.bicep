metadata description = 'The network of a private deployment: one subnet for the app, one for private endpoints.'

@minLength(2)
@maxLength(64)
param name string

@minLength(2)
@maxLength(80)
param securityGroupName string
param location string
param tags object

@description('At least a /26: the app needs a /27 of it.')
param addressPrefix string

@description('Id of a NAT gateway for what the app sends to the internet (the webhook); empty: the default way out of the virtual network.')
param natGatewayId string

// No rule of our own: the default ones let in nothing from outside the network, and policies ask for a group on each subnet.
resource securityGroup 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: securityGroupName
  location: location
  tags: tags
}

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
          networkSecurityGroup: {
            id: securityGroup.id
          }
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
          networkSecurityGroup: {
            id: securityGroup.id
          }
          defaultOutboundAccess: false
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }
}

output id string = network.id
output appSubnetId string = '${network.id}/subnets/app'
output endpointSubnetId string = '${network.id}/subnets/private-endpoints'
