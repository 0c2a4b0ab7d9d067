metadata description = 'A Log Analytics workspace, for those who bring none.'

@minLength(4)
@maxLength(63)
param name string
param location string
param tags object

@description('Interactive retention of tables that do not set their own, in days.')
@minValue(30)
@maxValue(730)
param retentionInDays int

@description('Refuse ingestion from public addresses.')
param privateIngestion bool

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionInDays
    publicNetworkAccessForIngestion: privateIngestion ? 'Disabled' : 'Enabled'
    publicNetworkAccessForQuery: 'Enabled'
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

// Who queried what: the evidence is read as rows too.
resource queryLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: workspace
  name: 'to-workspace'
  properties: {
    workspaceId: workspace.id
    logs: [
      {
        category: 'Audit'
        enabled: true
      }
    ]
  }
}

output id string = workspace.id
output name string = workspace.name
