// The same deployment as plain, typed otherwise.
using '../../../infra/main.bicep'

param environmentName = 'Trial'
param location = 'West Europe'
param appVersion = '1.0.0'
param appPackageSha256 = 'ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB'
param deployedAt = '2026-03-01T10:00:00Z'
