import { afterAll, beforeAll, expect, it } from 'vitest'
import { benchMessages } from '../../../../local/checks/bench/bench-batches.ts'
import { ask, startChild } from '../../../../local/checks/bench/child.ts'
import type { ReceiversMessage } from '../../../../local/checks/bench/counts.ts'
import { floorWithDigestsAndRequests } from '../../../../local/checks/bench/floor-with-digests-and-requests.ts'
import { poster } from '../../../../local/checks/bench/poster.ts'

let receivers: ReturnType<typeof startChild>
let listening: Extract<ReceiversMessage, { kind: 'listening' }>

beforeAll(async () => {
  receivers = startChild('receivers')
  listening = await ask(receivers)
})

afterAll(() => receivers.disconnect())

it('the floor with digests and requests delivers every record to each destination in as many requests as it is told', async () => {
  const { floorTargets: targets } = listening
  const requests = { archive: 1, 'log-analytics': 2, webhook: 3, other: 4 }
  const floor = floorWithDigestsAndRequests(poster(targets.caPem), targets, requests)
  await floor(benchMessages(0, 7))
  await floor(benchMessages(5, 7))

  const received = await ask<Extract<ReceiversMessage, { kind: 'counts' }>>(receivers, { kind: 'count' })
  const { counts, otherRequests } = received.floor
  expect(otherRequests).toBe(8)
  expect(counts).toMatchObject({
    archive: { distinct: 120, requests: 2 },
    'log-analytics': { distinct: 120, requests: 4 },
    webhook: { distinct: 120, requests: 6 },
  })
  // What the floor sends is not taken for the handler's.
  expect(received.otherRequests).toBe(0)
  expect(Object.values(received.counts).map(({ requests: some }) => some)).toEqual([0, 0, 0])
  expect(received.cpuMicros).toBeGreaterThan(0)
})

it('a floor that is not answered fails', async () => {
  const { floorTargets: targets } = listening
  const requests = { archive: 1, 'log-analytics': 1, webhook: 1, other: 1 }
  const post = poster(targets.caPem)
  await expect(
    floorWithDigestsAndRequests(
      post,
      { ...targets, webhook: 'https://127.0.0.1:1/' },
      requests,
    )(benchMessages(0, 1)),
  ).rejects.toThrow('ECONNREFUSED')
})
