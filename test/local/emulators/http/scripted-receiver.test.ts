import { text } from 'node:stream/consumers'
import { Agent, request } from 'undici'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { resetBeforeStoring } from '../../../../local/emulators/http/receiver-step.ts'
import type { Exchange } from '../../../../local/emulators/http/receiving-service.ts'
import type { Reply } from '../../../../local/emulators/http/reply.ts'
import {
  type ScriptedReceiver,
  startScriptedReceiver,
} from '../../../../local/emulators/http/scripted-receiver.ts'
import { createLocalAuthority, type LocalAuthority } from '../../../../local/emulators/tls/local-authority.ts'

let authority: LocalAuthority
let agent: Agent
const running: ScriptedReceiver[] = []

beforeAll(async () => {
  authority = await createLocalAuthority()
  agent = new Agent({ connect: { ca: authority.caPem } })
})
afterEach(async () => {
  for (const receiver of running.splice(0)) await receiver.stop()
})
afterAll(() => agent.destroy())

/** A service that lets the test see each exchange, and end it. */
async function startService(handle: (exchange: Exchange, body: string) => Promise<Reply>) {
  const receiver = await startScriptedReceiver(
    {
      isDelivery: ({ method }) => method === 'POST',
      page: () => undefined,
      read: text,
      handle,
      refused: (reply) => reply,
    },
    { authority },
  )
  running.push(receiver)
  const post = (body: string, signal?: AbortSignal) =>
    request(receiver.origin, {
      method: 'POST',
      body,
      dispatcher: agent,
      ...(signal === undefined ? {} : { signal }),
    })
  return { receiver, post }
}

test('an answer that the sender waited for was handed over', async () => {
  const exchanges: Exchange[] = []
  const { post } = await startService(async (exchange, body) => {
    exchanges.push(exchange)
    return { status: 200, body: body.repeat(100_000) }
  })
  const answer = await post('abc')
  expect((await answer.body.text()).length).toBe(300_000)
  expect(await exchanges[0]?.answered).toBe(true)
})

test('an answer to a sender that has left was not, even if the server goes on to give it', async () => {
  let left: Promise<boolean> | undefined
  let replied = (): void => undefined
  const over = new Promise<void>((resolve) => {
    replied = resolve
  })
  const timeout = new AbortController()
  const { post } = await startService(async ({ answered }) => {
    timeout.abort()
    left = answered
    await answered
    setImmediate(replied)
    return { status: 204 }
  })
  await expect(post('abc', timeout.signal)).rejects.toBeInstanceOf(Error)
  await over
  expect(await left).toBe(false)
})

test('an answer that only begins to leave was not', async () => {
  const told: Promise<boolean>[] = []
  const timeout = new AbortController()
  const { post } = await startService(async ({ answered }) => {
    told.push(answered)
    return { status: 200, body: 'x'.repeat(50_000_000) }
  })
  const answer = await post('abc', timeout.signal)
  // The sender reads the status, and no more.
  timeout.abort()
  await expect(answer.body.text()).rejects.toBeInstanceOf(Error)
  expect(await told[0]).toBe(false)
})

test('a receiver that is down answers nothing at all, deliveries or not', async () => {
  const { receiver } = await startService(async () => ({ status: 200 }))
  receiver.always(resetBeforeStoring)
  for (const method of ['POST', 'OPTIONS'] as const)
    await expect(request(receiver.origin, { method, dispatcher: agent })).rejects.toThrow(/closed|reset/)
  receiver.always(undefined)
  expect((await request(receiver.origin, { method: 'POST', dispatcher: agent })).statusCode).toBe(200)
})
