// With people, a webhook and alarms.
using '../../../infra/main.bicep'

param environmentName = 'trial'
param location = 'westeurope'
param appVersion = '1.0.0'
param appPackageSha256 = 'ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB'
param appProgramSha256 = 'CDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCD'
param deployedAt = '2026-03-01T10:00:00Z'

param auditorsGroupId = 'group-auditors'
param operatorsGroupId = 'group-operators'

param alwaysReadyInstances = 1
param archiveCoolAfterDays = 30
param archiveColdAfterDays = 90
param alertEmails = 'soc@example.com, oncall@example.com'
param webhookUrl = 'https://siem.example/hooks/entra'
param webhookSecret = 'given-webhookSecret'
