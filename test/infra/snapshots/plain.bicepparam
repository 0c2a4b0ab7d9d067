// The least that can be said.
using '../../../infra/main.bicep'

param environmentName = 'trial'
param location = 'westeurope'
param appVersion = '1.0.0'
param appPackageSha256 = 'ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB'
param deployedAt = '2026-03-01T10:00:00Z'
