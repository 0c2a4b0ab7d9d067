metadata description = 'Azure Monitor private link scope of our own: what of Azure Monitor the private network reaches.'

param name string
param tags object

resource linkScope 'microsoft.insights/privateLinkScopes@2021-07-01-preview' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    accessModeSettings: {
      ingestionAccessMode: 'PrivateOnly'
      queryAccessMode: 'Open'
    }
  }
}

output id string = linkScope.id
output name string = linkScope.name
