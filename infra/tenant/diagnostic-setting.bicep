targetScope = 'tenant'

metadata description = 'The Entra diagnostic setting, for those who may deploy at the scope of the tenant. diagnostic-setting.sh does the same with fewer rights, and reads back what it wrote.'

@description('Id of the authorization rule of the namespace: output diagnosticRuleId of the deployment.')
param diagnosticRuleId string

@description('Name of the event hub: output eventHub of the deployment.')
param eventHubName string

@description('Name of the setting. One of this name that exists is overwritten: look first.')
param settingName string = 'entra-risk-export'

@description('Also stream agent identities.')
param withAgents bool = true

@description('Also stream risky users: personal data; the app must be deployed with includeUserRisk.')
param withUsers bool = false

var workloads = [
  'RiskyServicePrincipals'
  'ServicePrincipalRiskEvents'
]
var agents = [
  'AgentRiskEvents'
  'RiskyAgents'
]
var users = [
  'RiskyUsers'
  'UserRiskEvents'
]
var categories = concat(workloads, withAgents ? agents : [], withUsers ? users : [])

resource setting 'microsoft.aadiam/diagnosticSettings@2017-04-01' = {
  scope: tenant()
  name: settingName
  properties: {
    eventHubAuthorizationRuleId: diagnosticRuleId
    eventHubName: eventHubName
    logs: [for category in categories: {
      category: category
      enabled: true
    }]
  }
}
