metadata description = 'The custom tables, as the program declares their columns. Runs in the resource group of the workspace.'

param workspaceName string

@description('How long rows can be queried at once, in days.')
@minValue(4)
@maxValue(730)
param retentionInDays int

@description('How long rows are kept in all, in days.')
@minValue(4)
@maxValue(4383)
param totalRetentionInDays int

var declared = loadJsonContent('../tables.json')

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

// One after the other: two schema changes of one workspace at once are refused with a conflict.
@batchSize(1)
resource tables 'Microsoft.OperationalInsights/workspaces/tables@2025-02-01' = [for table in declared: {
  parent: workspace
  name: table.name
  properties: {
    plan: 'Analytics'
    retentionInDays: retentionInDays
    totalRetentionInDays: totalRetentionInDays
    schema: {
      name: table.name
      description: table.description
      columns: [for column in table.columns: {
        name: column.name
        type: column.type == 'datetime' ? 'dateTime' : column.type
        description: column.description
      }]
    }
  }
}]

@description('Names of the tables that are there now; whoever needs the tables first takes the names from here.')
output names string[] = [for (table, index) in declared: tables[index].name]
