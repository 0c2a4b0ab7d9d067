import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ContextWorld, contextWorld } from '../../support/context-world.ts'

const IDENTITIES = 1000
const HOUR_MS = 3_600_000
const SWEEP_MS = 60_000
const LEVELS = ['low', 'medium', 'high']
const guid = (n: number, kind = 'f'): string => `0${kind}000000-0000-4000-8000-${String(n).padStart(12, '0')}`

let world: ContextWorld
beforeAll(async () => {
  world = await contextWorld()
})
afterAll(() => world.stop())

const levelOf = (record: unknown): string =>
  (record as { properties: { riskLevel: string } }).properties.riskLevel
const idOf = (record: unknown): string =>
  (record as { properties: { identityId: string } }).properties.identityId

it('reads the contexts of 1,000 identities that become at risk at once within two hours, the most severe first', async () => {
  const said = Array.from({ length: IDENTITIES }, (_, n) => ({
    principal: guid(n),
    level: LEVELS[n % LEVELS.length] ?? 'low',
  }))
  for (const { principal } of said)
    world.graph.tenant.put('servicePrincipals', {
      id: principal,
      appId: guid(said.length, 'e'),
      displayName: 'App',
      servicePrincipalType: 'Application',
      accountEnabled: true,
      appOwnerOrganizationId: '11111111-2222-4333-8444-555555555555',
      signInAudience: 'AzureADMyOrg',
      keyCredentials: [],
      passwordCredentials: [],
    })
  for (let i = 0; i < IDENTITIES; i += 50) await world.say(...said.slice(i, i + 50))
  expect(await world.table.waiting()).toHaveLength(IDENTITIES)
  const wakeUps = await world.wakeUps()
  // The worst time: all of an hour's contexts are read in its first half.
  world.time.advance(HOUR_MS - (world.time.now() % HOUR_MS))
  const startMs = world.time.now()
  let runs = 0
  let slowest = 0
  while (await world.table.isAnyWaiting()) {
    const begunMs = world.time.now()
    if (typeof (await world.current.reader.run(new AbortController().signal)) !== 'string') runs += 1
    slowest = Math.max(slowest, world.time.now() - begunMs)
    // The next sweep.
    world.time.advance(Math.max(0, SWEEP_MS - (world.time.now() - begunMs)))
  }
  const tookHours = (world.time.now() - startMs) / HOUR_MS
  const requests = world.graph.log()
  process.stdout.write(
    `${IDENTITIES} contexts in ${tookHours.toFixed(2)} h: ${requests.filter(({ target }) => target.endsWith('$batch')).length} requests of ${requests.length} parts, ` +
      `${requests.filter(({ status }) => status === 429).length} of them throttled, ${runs} leases of at most ` +
      `${slowest / 1000} s, ${wakeUps} wake-ups of ingest\n`,
  )
  const records = world.contexts()
  const levels = records.map(levelOf)
  expect(new Set(records.map(idOf)).size).toBe(IDENTITIES)
  expect(records).toHaveLength(IDENTITIES)
  expect(levels).toEqual([...levels].sort((a, b) => LEVELS.indexOf(b) - LEVELS.indexOf(a)))
  expect(tookHours).toBeLessThan(2)
})
