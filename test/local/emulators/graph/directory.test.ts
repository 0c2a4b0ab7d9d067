import { expect, test } from 'vitest'
import type { EmulatedGraph } from '../../../../local/emulators/graph/graph.ts'
import { seed } from '../../../../local/emulators/graph/seed.ts'
import { SEEDED } from '../../../../local/emulators/graph/seed-names.ts'
import { APP, call, errorOf, idsOf, objectsOf, principal, start } from './graph-under-test.ts'

const { buildPipeline, payrollApi, invoiceReader, mailArchiver, expenseAssistant, telemetryRelay } = SEEDED

async function seeded(): Promise<EmulatedGraph> {
  const graph = await start()
  seed(graph.tenant)
  return graph
}

test.each([
  [`servicePrincipals/${buildPipeline.id}`, buildPipeline.id],
  [`servicePrincipals(appId='${buildPipeline.appId}')`, buildPipeline.id],
  [`servicePrincipals('${buildPipeline.id}')`, buildPipeline.id],
  [`applications/${buildPipeline.objectId}`, buildPipeline.objectId],
  [`applications(appId='${buildPipeline.appId}')`, buildPipeline.objectId],
])('%s is one object', async (address, id) => {
  const graph = await seeded()
  for (const version of ['v1.0', 'beta']) {
    const { status, json } = await call(graph, `/${version}/${address}`)
    expect([status, json['id'], json['displayName']]).toEqual([200, id, 'build-pipeline'])
  }
})

test.each([
  [`servicePrincipals?$filter=displayName eq 'build-pipeline'`, [buildPipeline.id]],
  [`servicePrincipals?$filter=appId eq '${payrollApi.appId}'`, [payrollApi.id]],
  [`applications?$filter=appId eq '${payrollApi.appId}'`, [payrollApi.objectId]],
  [`oauth2PermissionGrants?$filter=clientId eq '${telemetryRelay.id}'`, ['granted-1']],
  [`roleManagement/directory/roleAssignments?$filter=principalId eq '${buildPipeline.id}'`, ['role-1']],
  [`servicePrincipals(appId='${buildPipeline.appId}')/appRoleAssignments`, ['assigned-1', 'assigned-2']],
  [`servicePrincipals/${telemetryRelay.id}/oauth2PermissionGrants`, ['granted-1']],
  [`servicePrincipals/${telemetryRelay.id}/appRoleAssignments`, []],
  [`servicePrincipals/${buildPipeline.id}/owners`, [SEEDED.inesVarga]],
  [`applications/${payrollApi.objectId}/owners`, [SEEDED.inesVarga, SEEDED.jonOkafor]],
  [`servicePrincipals/${expenseAssistant.id}/microsoft.graph.agentIdentity/sponsors`, [SEEDED.jonOkafor]],
  ['organization', [SEEDED.tenantId]],
])('%s lists what belongs to it', async (address, ids) => {
  const graph = await seeded()
  expect(idsOf(await call(graph, `/v1.0/${address}`))).toEqual(ids)
})

test('role assignments come with their role, if asked, and the role is read by its id', async () => {
  const graph = await seeded()
  const address = '/v1.0/roleManagement/directory/roleAssignments'
  const [assignment] = objectsOf(await call(graph, `${address}?$top=1&$expand=roleDefinition`))
  expect(assignment).toMatchObject({ roleDefinition: { displayName: 'Application Administrator' } })
  const [plain] = objectsOf(await call(graph, `${address}?$top=1`))
  expect(plain).not.toHaveProperty('roleDefinition')
  expect((await call(graph, `${address}?$expand=principal`)).status).toBe(400)
  const roleId = '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3'
  expect(assignment).toMatchObject({ roleDefinitionId: roleId })
  const definition = `/v1.0/roleManagement/directory/roleDefinitions/${roleId}`
  expect((await call(graph, definition)).json).toMatchObject({ displayName: 'Application Administrator' })
})

test('conditions on agents are in the beta of a policy alone', async () => {
  const graph = await seeded()
  const agentPolicy = async (version: string) =>
    objectsOf(await call(graph, `/${version}/identity/conditionalAccess/policies`))[2]
  expect(await agentPolicy('beta')).toMatchObject({
    conditions: {
      agentIdRiskLevels: 'high',
      clientApplications: { includeAgentIdServicePrincipals: ['All'] },
    },
  })
  const stable = JSON.stringify(await agentPolicy('v1.0'))
  expect(stable).toContain('"displayName":"Block agents at high risk"')
  expect(stable).not.toMatch(/agentId/i)
})

test('an owner is no more than an id to who may not read people', async () => {
  const graph = await start({
    principals: [
      principal(APP, ['Application.Read.All'], 'app'),
      principal(SEEDED.inesVarga, ['Application.Read.All', 'User.ReadBasic.All'], 'ines'),
    ],
  })
  seed(graph.tenant)
  const owners = `/v1.0/servicePrincipals/${buildPipeline.id}/owners`
  const known = {
    '@odata.type': '#microsoft.graph.user',
    id: SEEDED.inesVarga,
    displayName: 'Ines Varga',
    userPrincipalName: 'ines.varga@halden.example',
  }
  expect(objectsOf(await call(graph, owners, { token: 'ines' }))).toEqual([known])
  expect(objectsOf(await call(graph, owners, { token: 'app' }))).toEqual([
    { ...known, displayName: null, userPrincipalName: null },
  ])
})

test.each([
  [`servicePrincipals/${buildPipeline.id}`, 'Application.Read.All'],
  [`servicePrincipals/${buildPipeline.id}/owners`, 'Application.Read.All'],
  [`servicePrincipals/${buildPipeline.id}/appRoleAssignments`, 'Application.Read.All'],
  [`applications(appId='${buildPipeline.appId}')`, 'Application.Read.All'],
  [`applications/${buildPipeline.objectId}/federatedIdentityCredentials`, 'Application.Read.All'],
  [`servicePrincipals/${buildPipeline.id}/oauth2PermissionGrants`, 'DelegatedPermissionGrant.Read.All'],
  [
    `servicePrincipals/${expenseAssistant.id}/microsoft.graph.agentIdentity/sponsors`,
    'AgentIdentity.Read.All',
  ],
  ['roleManagement/directory/roleAssignments', 'RoleManagement.Read.Directory'],
  ['identity/conditionalAccess/policies', 'Policy.Read.All'],
  ['organization', 'Organization.Read.All'],
])('%s needs %s', async (address, permission) => {
  const others = [
    'Application.Read.All',
    'DelegatedPermissionGrant.Read.All',
    'AgentIdentity.Read.All',
    'RoleManagement.Read.Directory',
    'Policy.Read.All',
    'Organization.Read.All',
  ].filter((name) => name !== permission)
  const graph = await start({ principals: [principal(APP, others, 'app')] })
  seed(graph.tenant)
  const refused = await call(graph, `/v1.0/${address}`, { token: 'app' })
  expect(refused.status).toBe(403)
  expect(errorOf(refused)['code']).toBe(
    address.startsWith('identity/') ? 'AccessDenied' : 'Authorization_RequestDenied',
  )
  graph.permit(APP, [permission])
  expect((await call(graph, `/v1.0/${address}`, { token: 'app' })).status).toBe(200)
})

test('a deleted principal is not found, and what is known of its risk stays', async () => {
  const graph = await seeded()
  const risky = (id: string) => `/v1.0/identityProtection/riskyServicePrincipals/${id}`
  const gone = async (id: string) => {
    const answer = await call(graph, `/v1.0/servicePrincipals/${id}`)
    expect(answer.status).toBe(404)
    expect(errorOf(answer)).toMatchObject({ code: 'Request_ResourceNotFound' })
    for (const list of ['owners', 'appRoleAssignments'])
      expect((await call(graph, `/v1.0/servicePrincipals/${id}/${list}`)).status).toBe(404)
    expect((await call(graph, risky(id))).status).toBe(200)
  }
  await gone(mailArchiver.id)
  graph.tenant.deleteServicePrincipal(buildPipeline.id)
  await gone(buildPipeline.id)
  const roles = `/v1.0/roleManagement/directory/roleAssignments?$filter=principalId eq '${buildPipeline.id}'`
  expect(idsOf(await call(graph, roles))).toEqual([])
})

test('policies are throttled together with identity protection', async () => {
  const graph = await start({ throttled: true })
  const statusOf = async (path: string) => (await call(graph, `/v1.0/${path}`)).status
  expect(await statusOf('identity/conditionalAccess/policies')).toBe(200)
  expect(await statusOf('identityProtection/riskyServicePrincipals')).toBe(429)
  expect(await statusOf('identity/conditionalAccess/policies')).toBe(429)
})

test('directory requests are not throttled with identity protection', async () => {
  const graph = await start({ throttled: true })
  for (let n = 0; n < 3; n++) expect((await call(graph, '/v1.0/organization')).status).toBe(200)
})

test('the seed has one identity of each kind, and no secret', async () => {
  const graph = await seeded()
  const { tenant } = graph
  const principalOf = (id: string) => tenant.get('servicePrincipals', id)
  expect(tenant.get('applications', buildPipeline.objectId)).toMatchObject({
    passwordCredentials: [{ keyId: buildPipeline.leakedKeyId, secretText: null }],
  })
  expect(principalOf(payrollApi.id)).toMatchObject({
    passwordCredentials: [{ keyId: payrollApi.addedKeyId }],
  })
  expect(principalOf(SEEDED.warehouseSync.id)).toMatchObject({
    signInAudience: 'AzureADMultipleOrgs',
    appOwnerOrganizationId: SEEDED.tenantId,
  })
  expect(principalOf(telemetryRelay.id)).toMatchObject({ appOwnerOrganizationId: SEEDED.foreignTenantId })
  expect(principalOf(invoiceReader.id)).toMatchObject({
    disabledByMicrosoftStatus: 'DisabledDueToViolationOfServicesAgreement',
  })
  expect(principalOf(mailArchiver.id)).toBeUndefined()
  expect(principalOf(expenseAssistant.id)).toMatchObject({ '@odata.type': '#microsoft.graph.agentIdentity' })
  for (const set of [
    'servicePrincipalRiskDetections',
    'riskyServicePrincipals',
    'agentRiskDetections',
    'riskyAgents',
  ] as const)
    expect(JSON.stringify(tenant.all(set))).not.toMatch(/tenantId/i)
})
