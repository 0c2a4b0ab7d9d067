import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { riskyServicePrincipal } from '../../local/emulators/graph/risk-objects.ts'
import { refuse } from '../../local/emulators/http/receiver-step.ts'
import { readContextsNow } from '../../shared/composition/read-contexts-now.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { logTelemetry } from '../../shared/telemetry/log-telemetry.ts'
import {
  type ContextProcess,
  type ContextWorld,
  contextWorld,
  PERMISSIONS,
  START,
} from '../support/context-world.ts'
import { messageAt } from '../support/ingest-world.ts'

const HOUR_MS = 3_600_000
const never = new AbortController().signal
const guid = (n: number): string => `0d000000-0000-4000-8000-${String(n).padStart(12, '0')}`

let world: ContextWorld
let identities = 0
/** An identity that no other test has. */
const somebody = (): string => {
  identities += 1
  return guid(identities)
}

beforeAll(async () => {
  world = await contextWorld()
})
afterAll(() => world.stop())
beforeEach(async () => {
  await world.wakeUps()
  world.contexts()
})

/** A run of the function; what it logs. */
async function read({ reader }: ContextProcess = world.current) {
  const lines: string[] = []
  await readContextsNow(
    async () => reader,
    logTelemetry((level, line) => lines.push(`${level} ${line}`)),
    world.time,
  )
  return lines
}
const about = (principal: string, level?: string) => ({
  category: 'RiskExport.IdentityContext',
  origin: 'exporter',
  properties: { identityId: principal, ...(level === undefined ? {} : { riskLevel: level }) },
})

describe('the context of an identity', () => {
  it('is read once when it becomes at risk, and is a record on the hub', async () => {
    const principal = somebody()
    await world.say({ principal, level: 'medium' })
    expect(await world.wakeUps()).toBe(1)
    expect(await read()).toEqual([
      'information Read the context of identities at risk: read=1 leftOut=0 givenUp=0 stillWaiting=0.',
    ])
    expect(world.contexts()).toMatchObject([about(principal, 'medium')])
  })

  it('is read once more when the level rises, and when a compromise is confirmed', async () => {
    const principal = somebody()
    for (const level of ['low', 'high']) {
      await world.say({ principal, level })
      await read()
    }
    await world.say({ principal, state: 'confirmedCompromised' })
    await read()
    expect(world.contexts()).toMatchObject([
      about(principal, 'low'),
      about(principal, 'high'),
      about(principal),
    ])
  })

  it('is not read for the same or a lower level, in this process or another', async () => {
    const principal = somebody()
    await world.say({ principal }, { principal })
    await read()
    await world.say({ principal }, { principal, level: 'low' })
    expect(await world.table.isAnyWaiting()).toBe(false)
    world.current = world.process()
    await world.say({ principal })
    expect(await world.table.isAnyWaiting()).toBe(true)
    expect(await read()).toMatchObject([expect.stringContaining('read=0 leftOut=1')])
    expect(world.contexts()).toHaveLength(1)
  })

  it('is read once for requests that waited together, at the highest level and with all named credentials', async () => {
    const principal = somebody()
    await world.say({ principal, level: 'low', keyIds: [guid(901)] })
    await world.say({ principal, level: 'high' })
    await read()
    expect(world.contexts()).toMatchObject([about(principal, 'high')])
    await world.say({ principal, level: 'low', keyIds: [guid(901)] })
    expect(await read()).toMatchObject([expect.stringContaining('read=0')])
  })

  it('is read again when a detection names a credential that no earlier one has', async () => {
    const principal = somebody()
    await world.say({ principal })
    await read()
    await world.say({ principal, level: 'low', keyIds: [guid(902)] })
    await read()
    expect(world.contexts()).toHaveLength(2)
  })

  it('is read where the licence hides the level', async () => {
    const principal = somebody()
    await world.say({ principal, level: 'hidden' })
    await read()
    expect(world.contexts()).toMatchObject([about(principal, 'hidden')])
  })

  it.each([
    ['a dismissed one', { state: 'dismissed' }],
    ['a remediated one', { state: 'remediated' }],
    ['a person', { category: 'RiskyUsers' }],
    ['an identity of another tenant', { tenantId: '22222222-2222-4333-8444-555555555555' }],
    ['a record of an operator', { origin: 'operator' }],
    ['a record of the exporter', { origin: 'exporter' }],
  ])('is not requested for %s', async (_, said) => {
    await world.say({ principal: somebody(), ...said })
    expect([await world.table.isAnyWaiting(), await world.wakeUps()]).toEqual([false, 0])
  })

  it('does not call for itself', async () => {
    await world.say({ principal: somebody() })
    await read()
    const [record] = world.contexts()
    await world.ingestMessages([messageAt(90_001, JSON.stringify({ records: [record] }))])
    expect(await world.table.isAnyWaiting()).toBe(false)
  })

  it('is read again a day later if the risk has changed since', async () => {
    const principal = somebody()
    await world.say({ principal })
    await read()
    const requests = (hours: number) => world.say({ principal, second: hours * 3600 })
    await requests(23)
    expect(await read()).toEqual([expect.stringContaining('read=0 leftOut=0')])
    await requests(49)
    await read()
    expect(world.contexts()).toHaveLength(2)
  })
})

describe('reading contexts', () => {
  it('waits while Graph does not answer, lets others go first then, and gives up after three days', async () => {
    const [principal, other] = [somebody(), somebody()]
    await world.say({ principal })
    world.graph.always(refuse(503))
    expect(await read()).toEqual([expect.stringContaining('read=0 leftOut=0 givenUp=0 stillWaiting=1')])
    await world.wakeUps()
    await world.current.requests.wakeUpIfDue()
    expect(await world.wakeUps()).toBe(0)
    expect(await read()).toEqual([])
    world.graph.always(undefined)
    world.time.advance(300_000)
    await world.say({ principal: other, level: 'low' })
    await world.current.requests.wakeUpIfDue()
    expect(await world.wakeUps()).toBe(2)
    await read()
    expect(world.contexts()).toMatchObject([about(other), about(principal)])

    await world.say({ principal: somebody() })
    world.time.advance(73 * HOUR_MS)
    expect(await read()).toEqual([expect.stringMatching(/^warning .* read=0 leftOut=0 givenUp=1/)])
  })

  it('leaves Graph to the comparison that holds the lease, and wakes up when it is done', async () => {
    const principal = somebody()
    await world.say({ principal })
    await world.wakeUps()
    const busy = await world.lease.withLease(async () => read(), never)
    expect(busy).toEqual([])
    expect(world.contexts()).toEqual([])
    await world.current.requests.wakeUpIfDue()
    expect(await world.wakeUps()).toBe(1)
    await read()
    expect(world.contexts()).toMatchObject([about(principal)])
  })

  it('keeps a request that could not be sent to the hub, and says so', async () => {
    const principal = somebody()
    await world.say({ principal })
    const lines = await read(world.process({ hub: true }))
    expect(lines).toEqual([
      expect.stringMatching(/^warning Reading the contexts of identities at risk failed/),
    ])
    world.time.advance(300_000)
    await read()
    expect(world.contexts()).toMatchObject([about(principal)])
  })

  it('says once which permission is missing, and reads the rest', async () => {
    world.graph.permit('the-app', [])
    await world.say({ principal: somebody() })
    const lines = await read()
    expect(lines.filter((line) => line.includes('It needs Application.Read.All'))).toHaveLength(1)
    await world.say({ principal: somebody() })
    expect((await read()).filter((line) => line.includes('It needs'))).toEqual([])
    expect(world.contexts()).toHaveLength(2)
    expect((await world.table.state()).lacking).toContain('Application.Read.All')
    world.graph.permit('the-app', PERMISSIONS)
  })
})

describe('requesting contexts', () => {
  it('fails no batch when the table does not answer, says how many, and asks again with the next event', async () => {
    const principal = somebody()
    world.current = world.process({ table: true })
    const failed = /^warning Requesting the context of 2 identities at risk failed/
    const before = world.lines.length
    await world.say({ principal }, { principal: somebody() })
    expect(world.lines.slice(before)).toEqual([expect.stringMatching(failed)])
    await world.say({ principal })
    expect(world.lines.slice(before)).toHaveLength(2)
    world.current = world.process()
  })

  it('is made up for by the comparison with Graph, for those at risk now', async () => {
    const [principal, dismissed] = [somebody(), somebody()]
    const at = new Date(START).toISOString()
    world.graph.tenant.put(
      'riskyServicePrincipals',
      riskyServicePrincipal({ id: principal, riskLastUpdatedDateTime: at }),
      riskyServicePrincipal({ id: dismissed, riskState: 'dismissed', riskLastUpdatedDateTime: at }),
    )
    const { reconciler } = world.current
    const compare = () =>
      reconciler.run({ from: instant(START - HOUR_MS), graceMs: HOUR_MS, maxHistories: 0 }, never)
    world.time.advance(2000)
    await compare()
    await world.written()
    await read()
    expect(world.contexts()).toMatchObject([about(principal)])
    world.time.advance(2000)
    await compare()
    await world.written()
    expect(await world.table.isAnyWaiting()).toBe(false)
  })
})
