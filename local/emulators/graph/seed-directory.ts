import type { JsonObject } from '../json.ts'
import { SEEDED } from './seed-names.ts'
import type { GraphObject, Tenant } from './tenant.ts'

const servicePrincipal = (
  given: JsonObject & { readonly id: string; readonly displayName: string },
): GraphObject => ({
  accountEnabled: true,
  appOwnerOrganizationId: SEEDED.tenantId,
  createdDateTime: '2025-03-11T09:20:00Z',
  disabledByMicrosoftStatus: null,
  keyCredentials: [],
  passwordCredentials: [],
  publisherName: null,
  servicePrincipalType: 'Application',
  signInAudience: 'AzureADMyOrg',
  tags: ['WindowsAzureActiveDirectoryIntegratedApp'],
  verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
  ...given,
})

const application = (
  { objectId, appId }: { readonly objectId: string; readonly appId: string },
  given: JsonObject & { readonly displayName: string },
): GraphObject => ({
  id: objectId,
  appId,
  createdDateTime: '2025-03-11T09:20:00Z',
  disabledByMicrosoftStatus: null,
  keyCredentials: [],
  passwordCredentials: [],
  publisherDomain: 'halden.example',
  requiredResourceAccess: [],
  signInAudience: 'AzureADMyOrg',
  ...given,
})

const secret = (keyId: string, displayName: string, start: string, end: string): JsonObject => ({
  keyId,
  displayName,
  startDateTime: start,
  endDateTime: end,
  hint: null,
  customKeyIdentifier: null,
  secretText: null,
})

const certificate = (keyId: string, displayName: string, start: string, end: string): JsonObject => ({
  keyId,
  displayName,
  startDateTime: start,
  endDateTime: end,
  type: 'AsymmetricX509Cert',
  usage: 'Verify',
  customKeyIdentifier: null,
  key: null,
})

const user = (id: string, displayName: string, userPrincipalName: string): GraphObject => ({
  '@odata.type': '#microsoft.graph.user',
  id,
  displayName,
  userPrincipalName,
})

const VERIFIED = {
  displayName: 'Northwind Telemetry',
  verifiedPublisherId: '6210448',
  addedDateTime: '2024-05-02T00:00:00Z',
}

/** Service principals, applications, and who answers for them. */
export function directoryObjects(tenant: Tenant): void {
  const { buildPipeline, payrollApi, warehouseSync, telemetryRelay, invoiceReader } = SEEDED
  const { expenseAssistant, foreignTenantId, inesVarga, jonOkafor } = SEEDED
  const ines = user(inesVarga, 'Ines Varga', 'ines.varga@halden.example')
  const jon = user(jonOkafor, 'Jon Okafor', 'jon.okafor@halden.example')

  tenant.put('users', ines, jon)
  tenant.put('organization', {
    id: SEEDED.tenantId,
    displayName: 'Halden',
    verifiedDomains: [{ name: 'halden.example', isDefault: true, isInitial: false, type: 'Managed' }],
  })
  tenant.put(
    'servicePrincipals',
    servicePrincipal({ id: buildPipeline.id, appId: buildPipeline.appId, displayName: 'build-pipeline' }),
    servicePrincipal({
      id: payrollApi.id,
      appId: payrollApi.appId,
      displayName: 'payroll-api',
      passwordCredentials: [
        secret(payrollApi.addedKeyId, 'sync', '2026-09-08T04:58:20Z', '2028-09-08T04:58:20Z'),
      ],
    }),
    servicePrincipal({
      id: warehouseSync.id,
      appId: warehouseSync.appId,
      displayName: 'warehouse-sync',
      signInAudience: 'AzureADMultipleOrgs',
    }),
    servicePrincipal({
      id: telemetryRelay.id,
      appId: telemetryRelay.appId,
      displayName: 'telemetry-relay',
      appOwnerOrganizationId: foreignTenantId,
      publisherName: VERIFIED.displayName,
      signInAudience: 'AzureADMultipleOrgs',
      verifiedPublisher: VERIFIED,
    }),
    servicePrincipal({
      id: invoiceReader.id,
      appId: invoiceReader.appId,
      displayName: 'Brightledger Invoice Reader',
      accountEnabled: false,
      appOwnerOrganizationId: foreignTenantId,
      disabledByMicrosoftStatus: 'DisabledDueToViolationOfServicesAgreement',
      signInAudience: 'AzureADMultipleOrgs',
    }),
    servicePrincipal({
      '@odata.type': '#microsoft.graph.agentIdentity',
      id: expenseAssistant.id,
      appId: expenseAssistant.appId,
      displayName: 'Expense Assistant',
      agentIdentityBlueprintId: expenseAssistant.blueprintId,
      servicePrincipalType: 'ServiceIdentity',
      tags: [],
    }),
  )
  tenant.put(
    'applications',
    application(buildPipeline, {
      displayName: 'build-pipeline',
      passwordCredentials: [
        secret(buildPipeline.leakedKeyId, 'ci', '2025-10-01T08:00:00Z', '2027-10-01T08:00:00Z'),
      ],
      keyCredentials: [
        certificate(
          buildPipeline.certificateKeyId,
          'CN=build-pipeline',
          '2026-01-15T00:00:00Z',
          '2027-01-15T00:00:00Z',
        ),
      ],
    }),
    application(payrollApi, {
      displayName: 'payroll-api',
      passwordCredentials: [
        secret(payrollApi.ownKeyId, 'payroll', '2026-02-01T00:00:00Z', '2027-02-01T00:00:00Z'),
      ],
    }),
    application(warehouseSync, { displayName: 'warehouse-sync', signInAudience: 'AzureADMultipleOrgs' }),
  )
  tenant.putChildren('federatedIdentityCredentials', buildPipeline.objectId, {
    id: 'bb03f5d2-4e17-4c89-a6f0-7d2c9e81b354',
    name: 'release',
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'repo:halden/build-pipeline:ref:refs/heads/main',
    audiences: ['api://AzureADTokenExchange'],
    description: null,
  })
  tenant.putChildren('owners', buildPipeline.objectId, ines)
  tenant.putChildren('owners', buildPipeline.id, ines)
  tenant.putChildren('owners', payrollApi.objectId, ines, jon)
  tenant.putChildren('owners', expenseAssistant.id, ines)
  tenant.putChildren('sponsors', expenseAssistant.id, jon)
}
