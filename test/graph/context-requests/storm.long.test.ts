import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ContextWorld, contextWorld } from '../../support/context-world.ts'
import { REQUESTS, requestReader } from '../../support/read-requests.ts'

const IDENTITIES = 1000
const PER_HOUR = 200
const SWEEP_MS = 60_000
const LEVELS = ['low', 'medium', 'high']
const guid = (n: number): string => `0f000000-0000-4000-8000-${String(n).padStart(12, '0')}`

let world: ContextWorld
beforeAll(async () => {
  world = await contextWorld()
})
afterAll(() => world.stop())

it('reads the contexts of 1,000 identities that become at risk at once within six hours, the most severe first', async () => {
  const said = Array.from({ length: IDENTITIES }, (_, n) => ({
    principal: guid(n),
    level: LEVELS[n % LEVELS.length] ?? 'low',
  }))
  for (let i = 0; i < IDENTITIES; i += 50) await world.say(...said.slice(i, i + 50))
  expect(await world.table.waiting()).toHaveLength(IDENTITIES)
  const wakeUps = await world.wakeUps()
  const reader = requestReader(world, PER_HOUR)
  const startMs = world.time.now()
  let runs = 0
  while (await world.table.isAnyWaiting()) {
    const begunMs = world.time.now()
    if (typeof (await reader.run()) !== 'string') runs += 1
    // The next sweep.
    world.time.advance(Math.max(0, SWEEP_MS - (world.time.now() - begunMs)))
  }
  const tookHours = (world.time.now() - startMs) / 3_600_000
  console.log(
    `${IDENTITIES} contexts in ${tookHours.toFixed(2)} h: ${REQUESTS * IDENTITIES} requests, ${runs} leases, ${wakeUps} wake-ups of ingest`,
  )
  const levels = reader.read.map(({ subject }) => subject.level)
  expect(new Set(reader.read.map(({ subject }) => subject.id)).size).toBe(IDENTITIES)
  expect(levels).toEqual([...levels].sort((a = '', b = '') => LEVELS.indexOf(b) - LEVELS.indexOf(a)))
  expect(tookHours).toBeLessThan(6)
})
