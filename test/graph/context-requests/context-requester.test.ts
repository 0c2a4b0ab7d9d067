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

it('writes a storm slowly, a few together, and wakes up once', async () => {
  const { requester, writes, wakeUps, written } = requesterOf()
  requester.request(many(120))
  requester.request(many(120))
  await written()
  expect(writes).toEqual([
    { atMs: 0, requests: 50 },
    { atMs: 500, requests: 50 },
    { atMs: 1000, requests: 20 },
  ])
  expect(wakeUps()).toBe(1)
})

it('keeps the pace from one batch to the next, and writes at once after a rest', async () => {
  const { requester, time, writes, written } = requesterOf()
  for (const [from, restMs] of [
    [0, 100],
    [1, 700],
    [2, 0],
  ] as const) {
    requester.request(many(1, from))
    await written()
    time.advance(restMs)
  }
  expect(writes.map(({ atMs }) => atMs)).toEqual([0, 500, 1200])
})

it('keeps 10,000 waiting, and says how many it has not noted', async () => {
  let go = (): void => undefined
  const { requester, notWritten, written, writes } = requesterOf(
    () =>
      new Promise((resolve) => {
        go = resolve
        if (writes.length > 1) resolve()
      }),
  )
  requester.request(many(50))
  requester.request(many(10_003, 100))
  expect(notWritten).toEqual([3])
  go()
  await written()
  requester.request([requestOf(100 + 10_002)])
  await written()
  expect(writes.at(-1)?.requests).toBe(1)
})
