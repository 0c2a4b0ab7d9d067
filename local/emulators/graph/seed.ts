import { agentRiskDetection, riskDetection, riskyAgent, riskyServicePrincipal } from './risk-objects.ts'
import { directoryObjects } from './seed-directory.ts'
import { SEEDED } from './seed-names.ts'
import { rightsObjects } from './seed-rights.ts'
import type { Tenant } from './tenant.ts'

const additionalInfo = (pairs: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(pairs).map(([Key, Value]) => ({ Key, Value })))

/**
 * Fills a tenant with the identities of the bundled feed, one of each kind that an investigator
 * meets, on the day after the leak. A detection of the deleted one was never streamed.
 */
export function seed(tenant: Tenant): void {
  directoryObjects(tenant)
  rightsObjects(tenant)
  riskOfServicePrincipals(tenant)
  riskOfAgents(tenant)
  tenant.put('diagnosticSettings', {
    id: 'entra-risk-export',
    name: 'entra-risk-export',
    properties: {
      eventHubAuthorizationRuleId:
        '/subscriptions/0/resourceGroups/local/providers/Microsoft.EventHub/namespaces/localhost/authorizationRules/diagnostics',
      eventHubName: 'entra-risk',
      logs: ['RiskyServicePrincipals', 'ServicePrincipalRiskEvents', 'RiskyAgents', 'AgentRiskEvents'].map(
        (category) => ({ category, enabled: true }),
      ),
    },
  })
}

function riskOfServicePrincipals(tenant: Tenant): void {
  const { buildPipeline, payrollApi, warehouseSync, telemetryRelay, invoiceReader, mailArchiver } = SEEDED
  tenant.put(
    'servicePrincipalRiskDetections',
    riskDetection({
      id: '5e0c71b98d2f4a63c17b90e85fd2a446b83c1e07f95d28a4601be7c3d9f02a85',
      riskEventType: 'suspiciousSignins',
      riskLevel: 'medium',
      ipAddress: '198.51.100.77',
      location: { city: 'Lagos', state: null, countryOrRegion: 'NG', geoCoordinates: null },
      activityDateTime: '2026-08-19T02:11:40.1830046Z',
      detectedDateTime: '2026-08-20T05:42:09.5017731Z',
      lastUpdatedDateTime: '2026-08-20T05:42:09.5017731Z',
      servicePrincipalId: mailArchiver.id,
      servicePrincipalDisplayName: 'mail-archiver',
      appId: mailArchiver.appId,
    }),
    riskDetection({
      id: 'fb2d7d665caaf58d09b899884642ef47d71a63fa7005a311185a013c745aeb6b',
      activityDateTime: '2026-09-07T07:05:09.1200518Z',
      detectedDateTime: '2026-09-07T07:08:41.3004127Z',
      lastUpdatedDateTime: '2026-09-07T07:08:41.3004127Z',
      servicePrincipalId: buildPipeline.id,
      servicePrincipalDisplayName: 'build-pipeline',
      appId: buildPipeline.appId,
      keyIds: [buildPipeline.leakedKeyId],
      additionalInfo: additionalInfo({
        alertUrl: 'https://code.halden.example/platform/build-pipeline/commit/9f31c07',
        mitreTechniques: 'T1552.001,T1078.004',
      }),
    }),
    riskDetection({
      id: 'a98af8ca835811a1b7a6fe8cf501a87bcaa8839e85dc96659c6bd480e513bddf',
      riskEventType: 'anomalousServicePrincipalActivity',
      riskLevel: 'medium',
      activityDateTime: '2026-09-08T04:58:20.4106630Z',
      detectedDateTime: '2026-09-08T05:12:47.0930091Z',
      lastUpdatedDateTime: '2026-09-08T05:12:47.0930091Z',
      servicePrincipalId: payrollApi.id,
      servicePrincipalDisplayName: 'payroll-api',
      appId: payrollApi.appId,
    }),
    riskDetection({
      id: 'cc4e799dc134ae58102addd7ccfee14a335de02122b97b0ceb0cfafbda9ab41e',
      riskEventType: 'maliciousApplication',
      activityDateTime: '2026-09-11T16:44:02.3300000Z',
      detectedDateTime: '2026-09-11T16:45:28.0918840Z',
      lastUpdatedDateTime: '2026-09-11T16:45:28.0918840Z',
      servicePrincipalId: invoiceReader.id,
      servicePrincipalDisplayName: 'Brightledger Invoice Reader',
      appId: invoiceReader.appId,
      additionalInfo: additionalInfo({
        disabledByMicrosoftStatus: 'DisabledDueToViolationOfServicesAgreement',
      }),
    }),
  )
  const atRisk = (
    { id, appId }: { readonly id: string; readonly appId: string },
    displayName: string,
    riskLevel: string,
    riskLastUpdatedDateTime: string,
  ) => riskyServicePrincipal({ id, appId, displayName, riskLevel, riskLastUpdatedDateTime })
  const risky = [
    atRisk(mailArchiver, 'mail-archiver', 'medium', '2026-08-20T05:42:10.0219974Z'),
    atRisk(buildPipeline, 'build-pipeline', 'high', '2026-09-07T07:08:42.6608133Z'),
    atRisk(payrollApi, 'payroll-api', 'medium', '2026-09-08T05:15:02.8800417Z'),
    atRisk(telemetryRelay, 'telemetry-relay', 'low', '2026-09-10T21:30:11.1170000Z'),
    {
      ...atRisk(invoiceReader, 'Brightledger Invoice Reader', 'high', '2026-09-11T16:45:30.2751902Z'),
      isEnabled: false,
    },
    {
      ...atRisk(warehouseSync, 'warehouse-sync', 'hidden', '2026-09-16T06:13:01.5402268Z'),
      riskDetail: 'hidden',
    },
  ]
  for (const principal of risky) tenant.putRisk(principal)
}

function riskOfAgents(tenant: Tenant): void {
  const { id, blueprintId } = SEEDED.expenseAssistant
  tenant.put(
    'agentRiskDetections',
    agentRiskDetection({
      id: 'bd7dadb4e59a7d83b5148506991018add4fa22280ca69f67d577159aa2206831',
      agentId: id,
      agentDisplayName: 'Expense Assistant',
      blueprintId,
      riskEvidence: 'Agent accessed a resource it does not normally access.',
      activityDateTime: '2026-09-14T10:05:00Z',
      detectedDateTime: '2026-09-14T10:31:07.4427015Z',
      lastModifiedDateTime: '2026-09-14T10:31:07.4427015Z',
    }),
  )
  tenant.put(
    'riskyAgents',
    riskyAgent({
      id,
      agentDisplayName: 'Expense Assistant',
      blueprintId,
      riskLastModifiedDateTime: '2026-09-14T10:31:08.1903356Z',
    }),
  )
}
