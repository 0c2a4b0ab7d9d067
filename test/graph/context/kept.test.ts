import { expect, it } from 'vitest'
import { SEEDED } from '../../../local/emulators/graph/seed-names.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { bounded } from '../../../shared/graph/context/bounded.ts'
import { PolicyCache } from '../../../shared/graph/context/policy-cache.ts'
import { contextWorld } from './context-world.ts'

const { buildPipeline, payrollApi } = SEEDED

it('a section that was not read to its end leaves out at least one more', () => {
  expect(bounded('owners', [1, 2], false)).toEqual({ section: [1, 2], leftOut: 0 })
  expect(bounded('owners', [1, 2], true)).toEqual({ section: [1, 2], leftOut: 1 })
})

it('the cache keeps the newest 50 APIs', () => {
  const { apis } = new PolicyCache()
  const at = instant(0)
  const api = { appId: undefined, name: undefined, roles: new Map() }
  for (let n = 0; n < 51; n += 1) apis.put(String(n), api, at)
  expect([apis.get('0', at), apis.get('1', at), apis.get('50', at)]).toEqual([undefined, api, api])
})

it('directory roles come with the most powerful first, and custom ones last', async () => {
  const world = await contextWorld()
  const { graph } = world
  const assign = (id: string, roleDefinitionId: string) =>
    graph.tenant.put('roleAssignments', { id, principalId: buildPipeline.id, roleDefinitionId })
  graph.tenant.remove('roleAssignments', 'role-1')
  assign('a', '0d000000-0000-4000-8000-000000000001')
  assign('b', '88d8e3e3-8f55-4a1e-953a-9b9898b8876b')
  assign('c', '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3')
  expect(await world.collect(buildPipeline)).toMatchObject({
    sections: {
      directoryRoles: [
        { name: 'Application Administrator', scope: '/', tier: 0 },
        { name: 'Directory Readers', tier: 1 },
        { name: '0d000000-0000-4000-8000-000000000001' },
      ],
    },
  })
})

it('a managed identity has no application, and nobody asks for it', async () => {
  const world = await contextWorld()
  const { graph } = world
  graph.tenant.change('servicePrincipals', payrollApi.id, {
    servicePrincipalType: 'ManagedIdentity',
    appOwnerOrganizationId: null,
  })
  expect(await world.collect(payrollApi)).toMatchObject({
    sections: {
      principal: { tenancy: 'managedIdentity' },
      conditionalAccess: { coverage: 'notEligible', reason: 'managed identity' },
    },
  })
  expect(graph.log().some(({ target }) => target.includes('/applications'))).toBe(false)
})
