metadata description = 'Puts resources into a private link scope of Azure Monitor. Runs in the resource group of the scope, which may be somebody else\'s.'

param scopeName string

@description('Ids of the data collection endpoint, the workspace and Application Insights.')
param resourceIds string[]

resource linkScope 'microsoft.insights/privateLinkScopes@2021-07-01-preview' existing = {
  name: scopeName
}

// One after the other: two at once are refused with a conflict.
@batchSize(1)
resource members 'Microsoft.Insights/privateLinkScopes/scopedResources@2021-07-01-preview' = [for id in resourceIds: {
  parent: linkScope
  name: last(split(id, '/'))
  properties: {
    linkedResourceId: id
  }
}]
