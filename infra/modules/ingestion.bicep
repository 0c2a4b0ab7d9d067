metadata description = 'The way into the tables: a data collection rule of kind Direct, which brings its own ingestion endpoint, and a data collection endpoint where ingestion is private.'

@minLength(3)
@maxLength(64)
param ruleName string

@minLength(3)
@maxLength(44)
param endpointName string

@description('The region of the workspace: rule, endpoint and workspace must share it.')
param location string
param tags object
param workspaceId string

@description('The tables that are there: a rule that names a missing one is refused.')
param tableNames string[]

@description('Ingest through a private endpoint alone.')
param privateIngestion bool

@description('Principal of the app.')
param publisherPrincipalId string

var roles = loadJsonContent('../roles.json')
var declared = loadJsonContent('../tables.json')
var publisherRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.monitoringMetricsPublisher.id)
var present = filter(declared, table => contains(tableNames, table.name))
var destination = 'workspace'
var workspaceIdParts = split(workspaceId, '/')

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  scope: resourceGroup(workspaceIdParts[2], workspaceIdParts[4])
  name: last(workspaceIdParts)
}

// Read again here: Azure tells of a table as made a moment before a rule may name it.
resource tables 'Microsoft.OperationalInsights/workspaces/tables@2025-02-01' existing = [for tableName in tableNames: {
  parent: workspace
  name: tableName
}]

resource endpoint 'Microsoft.Insights/dataCollectionEndpoints@2023-03-11' = if (privateIngestion) {
  name: endpointName
  location: location
  tags: tags
  properties: {
    description: 'Private way into the tables of Entra risk export.'
    networkAcls: {
      publicNetworkAccess: 'Disabled'
    }
  }
}

resource rule 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: ruleName
  location: location
  tags: tags
  kind: 'Direct'
  properties: {
    description: 'Rows of Entra risk export, as the program declares them.'
    dataCollectionEndpointId: privateIngestion ? endpoint.id : null
    streamDeclarations: toObject(present, table => table.stream, table => {
      columns: map(table.columns, column => {
        name: column.name
        type: column.type
      })
    })
    destinations: {
      logAnalytics: [
        {
          name: destination
          workspaceResourceId: workspaceId
        }
      ]
    }
    dataFlows: [for table in present: {
      streams: [
        table.stream
      ]
      destinations: [
        destination
      ]
      transformKql: 'source'
      outputStream: table.stream
    }]
  }
  dependsOn: [
    tables
  ]
}

resource publishing 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: rule
  name: guid(rule.id, publisherPrincipalId, publisherRoleId)
  properties: {
    roleDefinitionId: publisherRoleId
    principalId: publisherPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Entra risk export sends its rows.'
  }
}

resource errors 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: rule
  name: 'ingestion-errors'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'LogErrors'
        enabled: true
      }
    ]
  }
}

output ruleImmutableId string = rule.properties.immutableId
output endpointId string = privateIngestion ? endpoint.id : ''
output logsIngestionEndpoint string = privateIngestion ? endpoint!.properties.logsIngestion.endpoint : rule.properties.endpoints.logsIngestion
