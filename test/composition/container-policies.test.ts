import { ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createLocalAuthority, LOCAL_HOSTS } from '../../local/emulators/tls/local-authority.ts'
import { olderClient } from '../../shared/azure/older-client.ts'
import { containerPolicies } from '../../shared/composition/container-policies.ts'
import { trustingClient } from '../../shared/composition/trusting-client.ts'
import { policyFindings } from '../../shared/evidence/verify/container-policy.ts'
import { graphClient } from '../../shared/graph/graph-client.ts'
import { type ScriptedAnswer, status } from '../support/scripted-answer.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'

const ACCOUNT = 'archive4711'
const ACCOUNT_ID = `/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-risk/providers/Microsoft.Storage/storageAccounts/${ACCOUNT}`

let server: ScriptedServer
let caPem: string
beforeAll(async () => {
  const authority = await createLocalAuthority()
  ;({ caPem } = authority)
  server = await startScriptedServer(await authority.issue(LOCAL_HOSTS))
})
afterAll(() => server.stop())

/** What the service says: of the account's containers, and of policies to who may read them. */
interface World {
  readonly has: Readonly<Record<string, boolean>>
  readonly states: Readonly<Record<string, readonly [state: string, days: number]>>
  readonly maySearch: boolean
}
let world: World
beforeEach(() => {
  world = {
    has: { archive: true, 'evidence-fixed': true },
    states: { archive: ['Locked', 400], 'evidence-fixed': ['Locked', 400] },
    maySearch: true,
  }
  server.answering(({ method, path, body }): ScriptedAnswer | undefined => {
    const json = (value: object) => status(200, { 'content-type': 'application/json' }, JSON.stringify(value))
    const [, container = ''] = new RegExp(`^/${ACCOUNT}/([a-z-]+)\\?restype=container$`).exec(path) ?? []
    if (container !== '')
      return status(200, {
        etag: '"1"',
        'last-modified': 'Mon, 02 Nov 2026 08:00:00 GMT',
        'x-ms-has-immutability-policy': String(world.has[container]),
        'x-ms-immutable-storage-with-versioning-enabled': 'false',
      })
    if (method === 'POST' && path === '/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01') {
      const isFound = world.maySearch && body.toString().includes(`name == '${ACCOUNT}'`)
      return json({ totalRecords: 1, count: 1, data: isFound ? [{ id: ACCOUNT_ID }] : [] })
    }
    const [, asked = ''] = /\/containers\/([a-z-]+)\/immutabilityPolicies\/default\?/.exec(path) ?? []
    const found = world.states[asked]
    if (!path.startsWith(`${ACCOUNT_ID}/blobServices/default/`) || found === undefined)
      return status(403, { 'content-type': 'application/json' }, '{"error":{"code":"AuthorizationFailed"}}')
    const [state, immutabilityPeriodSinceCreationInDays] = found
    return json({
      id: `${ACCOUNT_ID}/blobServices/default/containers/${asked}/immutabilityPolicies/default`,
      name: 'default',
      properties: { immutabilityPeriodSinceCreationInDays, state },
    })
  })
})

const reader = { getToken: async () => ({ token: 'reader', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) }

async function found(): Promise<readonly string[]> {
  const httpClient = trustingClient(caPem)
  const containers = ['archive', 'evidence-fixed'].map(
    (name) =>
      new ContainerClient(`${server.origin}/${ACCOUNT}/${name}`, reader, {
        httpClient: olderClient(httpClient),
      }),
  )
  const manager = async () =>
    graphClient({
      endpoint: server.origin,
      credential: reader,
      httpClient,
      time: { now: () => 0, monotonicMs: () => 0, random: () => 0, sleep: async () => undefined },
    })
  const policies = await containerPolicies(containers, manager, new AbortController().signal)
  return policyFindings(policies).map((one) => `${one.class} ${one.subject}: ${one.detail}`)
}

describe('the immutability policies of an account', () => {
  it('are no finding if they are locked', async () => {
    expect(await found()).toEqual([])
  })

  it('are found unlocked, which the account itself does not tell', async () => {
    world = { ...world, states: { ...world.states, archive: ['Unlocked', 400] } }
    expect(await found()).toEqual(['POLICY_UNLOCKED archive: its immutability policy is not locked'])
  })

  it('are found absent without asking the resource manager', async () => {
    world = { ...world, has: {}, maySearch: false }
    const before = server.requests.length
    expect(await found()).toEqual([
      'POLICY_UNLOCKED archive: no immutability policy',
      'POLICY_UNLOCKED evidence-fixed: no immutability policy',
    ])
    expect(server.requests.length - before).toBe(2)
  })

  it.each([
    ['the account is not seen', () => ({ ...world, maySearch: false })],
    ['the policies may not be read', () => ({ ...world, states: {} })],
  ])('are said not to be looked at if %s', async (_, change) => {
    world = change()
    expect(await found()).toEqual([
      'POLICY_NOT_READ archive: Azure Resource Manager did not tell',
      'POLICY_NOT_READ evidence-fixed: Azure Resource Manager did not tell',
    ])
  })
})
