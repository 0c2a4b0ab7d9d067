// With several destinations, each by another way, and no plain one.
using '../../../infra/main.bicep'

param environmentName = 'trial'
param location = 'westeurope'
param appVersion = '1.0.0'
param appPackageSha256 = 'ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB'
param appProgramSha256 = 'CDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCD'
param deployedAt = '2026-03-01T10:00:00Z'

param webhooks = [
  {
    name: 'soc'
    url: 'https://splunk.example/services/collector/event'
    options: {
      format: 'splunk-hec'
      minLevel: 'medium'
    }
  }
  {
    name: 'lake'
    url: 'https://lake.example/in'
    options: {
      auth: 'header'
      tokenHeader: 'X-Key'
      rotating: true
      headers: true
      redact: 'identity.displayName:hash'
      framing: 'ndjson'
      gzip: false
    }
  }
  {
    name: 'tenant'
    url: 'https://api.example/in'
    options: {
      auth: 'entra'
      tokenScope: 'api://siem/.default'
      clientCertificate: true
    }
  }
]
param eventHubOut = {
  name: 'risk-events'
  namespaceHost: 'evhns-soc.servicebus.windows.net'
  hubId: '/subscriptions/00000000-0000-4000-8000-0000000000aa/resourceGroups/rg-soc/providers/Microsoft.EventHub/namespaces/evhns-soc/eventhubs/risk-events'
  format: 'ocsf'
}
