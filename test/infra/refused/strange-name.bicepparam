// environmentName: letters, digits and hyphens alone.
using '../../../infra/main.bicep'

param environmentName = 'Risk_Prod (x)'
param location = 'westeurope'
param appVersion = '1.0.0'
param appPackageSha256 = 'ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB'
