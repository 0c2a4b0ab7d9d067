// With Microsoft Sentinel and its content, in a workspace that exists elsewhere.
using '../../../infra/main.bicep'

param environmentName = 'trial'
param location = 'westeurope'
param appVersion = '1.0.0'
param appPackageSha256 = 'ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB'
param appProgramSha256 = 'CDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCD'
param deployedAt = '2026-03-01T10:00:00Z'

param workspaceResourceId = '/subscriptions/00000000-0000-4000-8000-0000000000aa/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/log-soc'
param onboardSentinel = true
param deploySentinelContent = true
