import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type EmulatedGraph, startGraph } from '../../local/emulators/graph/graph.ts'
import { riskyServicePrincipal } from '../../local/emulators/graph/risk-objects.ts'
import { createLocalAuthority } from '../../local/emulators/tls/local-authority.ts'
import { trustingClient } from '../../shared/composition/trusting-client.ts'
import type { JsonObject } from '../../shared/encoding/json.ts'
import { type GraphClient, graphClient } from '../../shared/graph/graph-client.ts'

const RISKY = 'v1.0/identityProtection/riskyServicePrincipals'
const never = new AbortController().signal
const guid = (n: number): string => `0c000000-0000-4000-8000-${String(n).padStart(12, '0')}`

let graph: EmulatedGraph
let caPem = ''
/** The clock of client and service alike: it moves when the client waits. */
let clockMs = Date.UTC(2026, 2, 1, 12)
const waitsMs: number[] = []
const time = {
  now: () => clockMs,
  monotonicMs: () => clockMs,
  random: () => 0,
  async sleep(ms: number) {
    waitsMs.push(ms)
    clockMs += ms
  },
}

const client = (token: () => Promise<string> = async () => 'app', endpoint = graph.url): GraphClient =>
  graphClient({
    endpoint,
    credential: {
      getToken: async () => ({ token: await token(), expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
    },
    httpClient: trustingClient(caPem),
    time,
  })

async function listed(path: string, from: GraphClient = client()) {
  const objects: JsonObject[] = []
  const fault = await from.list(path, (object) => objects.push(object), never)
  return { ids: objects.map(({ id }) => id), fault }
}

beforeAll(async () => {
  const authority = await createLocalAuthority()
  ;({ caPem } = authority)
  graph = await startGraph({
    authority,
    principals: [
      { id: 'app', holds: (t) => t === 'app', permissions: ['IdentityRiskyServicePrincipal.Read.All'] },
    ],
    nowMs: () => clockMs,
    pageSize: 2,
  })
  for (let n = 0; n < 5; n += 1)
    graph.tenant.put('riskyServicePrincipals', riskyServicePrincipal({ id: guid(n) }))
})
afterAll(() => graph.stop())
beforeEach(() => {
  clockMs += 60_000
  waitsMs.length = 0
  graph.clearLog()
})

describe('the Graph client', () => {
  it('reads all pages, a request a second, so that Graph refuses none', async () => {
    expect(await listed(RISKY)).toEqual({ ids: [0, 1, 2, 3, 4].map(guid), fault: undefined })
    expect(graph.log().map(({ status }) => status)).toEqual([200, 200, 200])
    expect(waitsMs).toEqual([1100, 1100])
  })

  it('asks for values that are newer than the version of the API', async () => {
    await listed(RISKY)
    expect(graph.log().every(({ knowsLaterMembers }) => knowsLaterMembers)).toBe(true)
  })

  it('waits longer each time Graph is too busy, and at most six times', async () => {
    graph.always({ kind: 'refuse', status: 503, headers: {}, body: '' })
    expect((await listed(RISKY)).fault).toEqual({ kind: 'unavailable', code: 'status 503' })
    expect(waitsMs).toEqual([2000, 4000, 8000, 16_000, 32_000])
    graph.always(undefined)
  })

  it.each([
    ['seconds', () => '20'],
    ['a date', () => new Date(clockMs + 20_000).toUTCString()],
  ])('waits as long as Retry-After says, in %s', async (_, after) => {
    clockMs = Math.ceil(clockMs / 1000) * 1000
    graph.always({ kind: 'refuse', status: 429, headers: { 'retry-after': after() }, body: '' })
    await listed(RISKY)
    graph.always(undefined)
    expect(waitsMs[0]).toBe(20_000)
  })

  it('goes on where it was refused for a moment', async () => {
    // Somebody else in the tenant has used up this second.
    await listed(`${RISKY}/${guid(0)}/history`)
    waitsMs.length = 0
    expect((await listed(RISKY)).ids).toHaveLength(5)
    expect(graph.log().map(({ status }) => status)).toContain(429)
    expect(waitsMs[0]).toBe(2000)
  })

  it.each([
    [
      'a permission that is missing',
      'v1.0/identityProtection/servicePrincipalRiskDetections',
      'noPermission',
    ],
    ['an object that is not there', `${RISKY}/${guid(99)}/history`, 'notFound'],
    ['a page of more than 500', `${RISKY}?$top=501`, 'refused'],
  ])('tells of %s, and does not ask again', async (_, path, kind) => {
    expect((await listed(path)).fault).toMatchObject({ kind })
    expect(graph.log()).toHaveLength(1)
  })

  it('tells of a token that is not accepted, and of none at all', async () => {
    expect(
      (
        await listed(
          RISKY,
          client(async () => 'another'),
        )
      ).fault,
    ).toEqual({ kind: 'unauthorized' })
    const nobody = client(() => {
      throw Object.assign(new Error('az login'), { name: 'CredentialUnavailableError' })
    })
    expect((await listed(RISKY, nobody)).fault).toEqual({ kind: 'unauthorized' })
  })

  it('follows no link to another host, where it would send its token', async () => {
    const body = JSON.stringify({ value: [], '@odata.nextLink': 'https://elsewhere.example/v1.0/x' })
    graph.always({ kind: 'refuse', status: 200, headers: { 'content-type': 'application/json' }, body })
    expect((await listed(RISKY)).fault).toEqual({ kind: 'refused', code: 'linkElsewhere' })
    graph.always(undefined)
  })

  it.each([
    ['no JSON', 'not JSON'],
    ['no list', '{"value":5}'],
    ['nothing', ''],
  ])('takes an answer of %s for none', async (_, body) => {
    graph.always({ kind: 'refuse', status: 200, headers: {}, body })
    expect((await listed(RISKY)).fault).toEqual({ kind: 'unavailable', code: 'noCollection' })
    graph.always(undefined)
  })

  it('ends with its signal', async () => {
    const over = AbortSignal.abort()
    const fault = await client().list(RISKY, () => undefined, over)
    expect(fault).toEqual({ kind: 'unavailable', code: 'aborted' })
    expect(graph.log()).toEqual([])
  })
})
