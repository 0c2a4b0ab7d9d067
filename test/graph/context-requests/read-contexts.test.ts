import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { instant } from '../../../shared/domain/identifiers.ts'
import {
  type ContextRequest,
  isNews,
  knownAfter,
} from '../../../shared/graph/context-requests/context-request.ts'
import { CONTEXT_TABLE } from '../../../shared/graph/context-requests/context-table.ts'
import { type ContextWorld, contextWorld } from '../../support/context-world.ts'
import { requestOf, requestReader } from '../../support/read-requests.ts'

const HOUR_MS = 3_600_000

let world: ContextWorld
let identities = 0
const somebody = (given: Partial<ContextRequest> = {}): ContextRequest => {
  identities += 1
  return requestOf(identities, { at: instant(world.time.now()), ...given })
}
const add = (...requests: readonly ContextRequest[]) => world.table.add(requests, instant(world.time.now()))

beforeAll(async () => {
  world = await contextWorld()
})
afterAll(() => world.stop())
beforeEach(async () => {
  await world.table.remove(await world.table.waiting())
  world.time.advance(HOUR_MS)
})

describe('reading requested contexts', () => {
  it('begins with the most severe, and within one level with the oldest', async () => {
    const [low, medium, hidden, confirmed, older] = [
      somebody({ level: 'low' }),
      somebody({ level: 'medium' }),
      somebody({ level: 'hidden' }),
      somebody({ state: 'confirmedCompromised' }),
      somebody({ level: 'medium' }),
    ]
    await add(older)
    world.time.advance(1000)
    await add(low, medium, hidden, confirmed)
    const reader = requestReader(world, 200)
    await reader.run()
    world.time.advance(60_000)
    await reader.run()
    expect(reader.read.map(({ subject }) => subject.id)).toEqual(
      [confirmed, older, medium, low, hidden].map(({ id }) => id),
    )
  })

  it('reads an identity once for all that waits, with the credentials named then and before', async () => {
    const one = somebody({ level: 'low', keyIds: ['key-1'] })
    await add(one, { ...one, level: 'high', keyIds: [] }, { ...one, level: 'medium', keyIds: ['key-2'] })
    const reader = requestReader(world, 200)
    expect(await reader.run()).toMatchObject({ read: 1, waiting: 0 })
    await add({ ...one, keyIds: ['key-3'] })
    await reader.run()
    expect(reader.read.map(({ subject }) => [subject.level, [...subject.namedKeyIds].sort()])).toEqual([
      ['high', ['key-1', 'key-2']],
      ['low', ['key-1', 'key-2', 'key-3']],
    ])
  })

  it('begins no context after 45 seconds, so that the comparison with Graph gets its turn', async () => {
    await add(...Array.from({ length: 8 }, () => somebody()))
    const startMs = world.time.now()
    const run = await requestReader(world, 200).run()
    expect(run).toMatchObject({ read: 5, waiting: 3, stoppedBy: 'time' })
    expect(world.time.now() - startMs).toBe(55_000)
  })

  it('reads no more in an hour than the setting allows, over all processes, and goes on in the next', async () => {
    world.time.advance(HOUR_MS - (world.time.now() % HOUR_MS))
    await add(...Array.from({ length: 5 }, () => somebody()))
    expect(await requestReader(world, 3).run()).toMatchObject({ read: 3, waiting: 2, stoppedBy: 'hourly' })
    expect(await requestReader(world, 3).run()).toBe('notDue')
    world.time.advance(HOUR_MS)
    expect(await requestReader(world, 3).run()).toMatchObject({ read: 2, waiting: 0 })
  })

  it('lets no identity that fails keep the others from their turn', async () => {
    const [failing, defective, other] = [somebody(), somebody(), somebody({ level: 'low' })]
    await add(failing)
    world.time.advance(1)
    await add(defective, other)
    const reader = requestReader(world, 200, ({ id }) => {
      if (id === defective.id) throw new Error('a defect')
      return id === failing.id ? 'unavailable' : {}
    })
    expect(await reader.run()).toMatchObject({ read: 0, waiting: 3, stoppedBy: 'graph' })
    expect(await reader.run()).toBe('notDue')
    world.time.advance(300_000)
    await expect(reader.run()).rejects.toThrow('a defect')
    world.time.advance(300_000)
    expect(await reader.run()).toMatchObject({ read: 1, waiting: 2 })
    expect(reader.read.map(({ subject }) => subject.id)).toEqual([other.id])
  })

  it('notes what is missing for a day, and says it when it is new', async () => {
    const needs = (permission: string) => ({ owners: { unknown: `needs ${permission}` } })
    const says = async (permission?: string) => {
      await add(somebody())
      const run = await requestReader(world, 200, () =>
        permission === undefined ? {} : needs(permission),
      ).run()
      return typeof run === 'string' ? run : run.newlyLacking
    }
    expect(await says('Application.Read.All')).toEqual(['Application.Read.All'])
    expect(await says('Policy.Read.All')).toEqual(['Policy.Read.All'])
    expect(await says('Application.Read.All')).toEqual([])
    expect((await world.table.state()).lacking).toEqual(['Application.Read.All', 'Policy.Read.All'])
    world.time.advance(24 * HOUR_MS)
    expect(await says()).toEqual([])
    expect((await world.table.state()).lacking).toEqual([])
  })

  it('clears away rows that it cannot read', async () => {
    const table = TableClient.fromConnectionString(world.azurite.connectionString, CONTEXT_TABLE, {
      allowInsecureConnection: true,
    })
    await table.createEntity({ partitionKey: 'waiting', rowKey: 'junk', id: 1 })
    expect(await requestReader(world, 200).run()).toMatchObject({ read: 0, leftOut: 0, waiting: 0 })
    expect(await world.table.isAnyWaiting()).toBe(false)
  })
})

describe('what is news of an identity', () => {
  const before = knownAfter(requestOf(1, { level: 'medium', keyIds: ['a'], at: instant(HOUR_MS) }), undefined)
  it.each<[string, Partial<ContextRequest>, boolean]>([
    ['the same', { level: 'medium' }, false],
    ['a lower level', { level: 'low' }, false],
    ['a level that is hidden', { level: 'hidden' }, false],
    ['a higher level', { level: 'high' }, true],
    ['a higher level that is told late', { level: 'high', at: instant(0) }, true],
    ['a confirmed compromise', { level: 'low', state: 'confirmedCompromised' }, true],
    ['a credential known', { level: 'low', keyIds: ['a'] }, false],
    ['another credential', { level: 'low', keyIds: ['b'] }, true],
    ['the same, a day later', { level: 'low', at: instant(25 * HOUR_MS) }, true],
  ])('%s', (_, given, expected) => {
    expect(isNews(requestOf(1, { at: instant(2 * HOUR_MS), ...given }), before)).toBe(expected)
  })

  it('forgets a level after a day, and no credential', () => {
    const after = knownAfter(requestOf(1, { level: 'low', at: instant(30 * HOUR_MS) }), before)
    expect(after).toEqual({ rank: 1, keyIds: ['a'], at: 30 * HOUR_MS })
  })
})
