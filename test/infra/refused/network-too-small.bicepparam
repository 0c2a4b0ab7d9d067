// networkAddressPrefix: at least a /26.
using '../../../infra/main.bicep'

param environmentName = 'trial'
param location = 'westeurope'
param appVersion = '1.0.0'
param appPackageSha256 = 'ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB'
param privateNetworking = true
param networkAddressPrefix = '10.90.0.0/27'
