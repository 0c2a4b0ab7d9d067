// Into a workspace that exists elsewhere, by somebody who may not define roles, with a locked archive.
using '../../../infra/main.bicep'

param environmentName = 'trial'
param location = 'westeurope'
param appVersion = '1.0.0'
param appPackageSha256 = 'ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB'
param appProgramSha256 = 'CDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCD'
param deployedAt = '2026-03-01T10:00:00Z'

param auditorsGroupId = 'group-auditors'
param operatorsGroupId = 'group-operators'

param workspaceResourceId = '/subscriptions/00000000-0000-4000-8000-0000000000aa/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/log-soc'
param workspaceLocation = 'northeurope'
param defineArchiveRole = false
param manageImmutabilityPolicy = false
param archiveDeleteAfterDays = 500
param purgeProtection = false
