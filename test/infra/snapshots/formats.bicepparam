// A destination in each format, with the authentication that is usual for it.
using '../../../infra/main.bicep'

param environmentName = 'trial'
param location = 'westeurope'
param appVersion = '1.0.0'
param appPackageSha256 = 'ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB'
param appProgramSha256 = 'CDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCD'
param deployedAt = '2026-03-01T10:00:00Z'

param webhooks = [
  {
    name: 'cef'
    url: 'https://cef.example/in'
    options: {
      format: 'cef'
    }
  }
  {
    name: 'cloudevents'
    url: 'https://cloudevents.example/in'
    options: {
      format: 'cloudevents'
    }
  }
  {
    name: 'elasticbulk'
    url: 'https://elasticbulk.example/in'
    options: {
      format: 'elastic-bulk'
    }
  }
  {
    name: 'json'
    url: 'https://json.example/in'
    options: {
      format: 'json'
    }
  }
  {
    name: 'ocsf'
    url: 'https://ocsf.example/in'
    options: {
      format: 'ocsf'
    }
  }
  {
    name: 'otlp'
    url: 'https://otlp.example/in'
    options: {
      format: 'otlp'
    }
  }
  {
    name: 'secops'
    url: 'https://secops.example/in'
    options: {
      format: 'secops'
    }
  }
  {
    name: 'splunkhec'
    url: 'https://splunkhec.example/in'
    options: {
      format: 'splunk-hec'
    }
  }
]
