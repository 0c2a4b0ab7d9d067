// With nothing reachable from public addresses.
using '../../../infra/main.bicep'

param environmentName = 'trial'
param location = 'westeurope'
param appVersion = '1.0.0'
param appPackageSha256 = 'ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB'
param appProgramSha256 = 'CDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCD'
param deployedAt = '2026-03-01T10:00:00Z'

param auditorsGroupId = 'group-auditors'
param operatorsGroupId = 'group-operators'

param privateNetworking = true
param publicAppAccess = false
param natGatewayId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/natGateways/n'
param webhookUrl = 'https://splunk.example/services/collector/event'
param webhook = {
  format: 'splunk-hec'
  rotating: true
  splunkIndex: 'entra'
  caPem: loadTextContent('authority.pem')
  maxEvents: 100
}
param webhookSecret = 'given-webhookSecret'
param webhookSecretNext = 'given-webhookSecretNext'
param webhookToken = 'given-webhookToken'
param tune = {
  deliveryTimeoutMs: 500
  deliveryMaxAgeHours: 24
}
