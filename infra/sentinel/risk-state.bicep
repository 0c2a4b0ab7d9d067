// Carries open risk past the look-back of the rules: a summary rule writes one row a day for each open detection and identity.

@description('Workspace that holds the tables of the exporter.')
param workspaceName string

var history = loadYamlContent('parsers/EntraWorkloadRiskHistory.yaml')

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource riskState 'Microsoft.OperationalInsights/workspaces/summaryLogs@2025-07-01' = {
  parent: workspace
  name: 'EntraWorkloadRiskState'
  properties: {
    ruleType: 'User'
    displayName: 'Open risk of workload identities'
    description: 'One row a day for each open detection and identity, read by EntraWorkloadRiskHistory.'
    ruleDefinition: {
      // Summary rules call no saved functions: the text of this one stands in its place.
      query: replace(loadTextContent('risk-state.kql'), 'EntraWorkloadRiskHistory()\n', history.FunctionQuery)
      binSize: 1440
      binDelay: 60
      destinationTable: 'EntraWorkloadRiskState_CL'
    }
  }
}
