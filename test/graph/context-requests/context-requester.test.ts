import { expect, it } from 'vitest'
import type { ContextRequest } from '../../../shared/graph/context-requests/context-request.ts'
import { contextRequester } from '../../../shared/graph/context-requests/context-requester.ts'
import { requestOf } from '../../support/read-requests.ts'
import { virtualTime } from '../../support/virtual-time.ts'

function requesterOf(write: (requests: readonly ContextRequest[]) => Promise<void> = async () => undefined) {
  const time = virtualTime(0)
  const writes: { readonly atMs: number; readonly requests: number }[] = []
  const notWritten: number[] = []
  let wakeUps = 0
  let writing: Promise<void> = Promise.resolve()
  const requester = contextRequester({
    async write(requests) {
      writes.push({ atMs: time.now(), requests: requests.length })
      await write(requests)
    },
    wakeUp: async () => {
      wakeUps += 1
    },
    onNotWritten: (requests) => notWritten.push(requests),
    onWriting: (one) => {
      writing = one
    },
    time,
  })
  return { requester, time, writes, notWritten, wakeUps: () => wakeUps, written: () => writing }
}
const many = (count: number, from = 0) => Array.from({ length: count }, (_, n) => requestOf(from + n))

it('lets a burst pass, writes it a few together, and wakes up once', async () => {
  const { requester, writes, wakeUps, written } = requesterOf()
  requester.request(many(50))
  requester.request(many(50))
  await written()
  expect(writes).toEqual([
    { atMs: 1000, requests: 20 },
    { atMs: 2000, requests: 20 },
    { atMs: 3000, requests: 10 },
  ])
  expect(wakeUps()).toBe(1)
})

it('keeps the pace from one batch to the next', async () => {
  const { requester, writes, written } = requesterOf()
  for (const from of [0, 1, 2]) {
    requester.request(many(1, from))
    await written()
  }
  expect(writes.map(({ atMs }) => atMs)).toEqual([1000, 2000, 3000])
})

it('keeps 10,000 waiting, says once in a while how many it left out, and takes them when they come again', async () => {
  const { requester, notWritten, written, writes } = requesterOf()
  requester.request(many(10_002))
  requester.request([requestOf(10_002)])
  expect(notWritten).toEqual([])
  await written()
  expect(notWritten).toEqual([3])
  requester.request([requestOf(10_002)])
  await written()
  expect(writes.at(-1)?.requests).toBe(1)
  expect(writes.reduce((sum, { requests }) => sum + requests, 0)).toBe(10_001)
})
