// With risky users.
using '../../../infra/tenant/diagnostic-setting.bicep'

param diagnosticRuleId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.EventHub/namespaces/n/authorizationRules/r'
param eventHubName = 'entra-risk'
param withUsers = true
