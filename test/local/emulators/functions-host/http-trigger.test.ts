import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type FunctionHost,
  startFunctionHost,
} from '../../../../local/emulators/functions-host/function-host.ts'
import type { HostLogLine } from '../../../../local/emulators/functions-host/host-log.ts'
import { readSchedule } from '../../../../local/stack/timer-schedule.ts'
import { handlers } from '../../../support/function-host-app/handlers.ts'
import { buildFunctionApp } from '../../../support/function-host-app-build.ts'

let appDirectory: string
let host: FunctionHost
let url: string
let key: Readonly<Record<string, string>>
const lines: HostLogLine[] = []

beforeAll(async () => {
  appDirectory = await buildFunctionApp(['http'])
  host = await startFunctionHost({
    appDirectory,
    environment: { APP_VALUE: 'from settings' },
    log: (line) => lines.push(line),
    nowMs: Date.now,
    readSchedule,
    tuning: { maxHttpBodyBytes: 1_000 },
  })
  url = host.httpUrl ?? ''
  key = { 'x-functions-key': host.functionKey }
})
afterAll(async () => {
  await host.stop()
  await rm(appDirectory, { recursive: true })
})

describe('an http trigger', () => {
  it('listens on the loopback address under the prefix', () => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api$/)
  })

  it('answers what the function answers, with the query decoded', async () => {
    const answer = await fetch(`${url}/open?q=a%20b`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toContain('application/json')
    expect(await answer.json()).toEqual({ loadedWith: 'from settings', query: 'a b' })
  })

  it('wants the key, as a header or in the query, where the function is not anonymous', async () => {
    expect((await fetch(`${url}/guarded/1`)).status).toBe(401)
    expect((await fetch(`${url}/guarded/1`, { headers: { 'x-functions-key': 'wrong' } })).status).toBe(401)
    expect((await fetch(`${url}/guarded/1?code=${host.functionKey}`)).status).toBe(201)
    expect((await fetch(`${url}/guarded/1`, { headers: key })).status).toBe(201)
  })

  it('hands over route parameters and exact bytes, and gives exact bytes back', async () => {
    const body = Buffer.from([0xff, 0x00, 0xfe])
    const answer = await fetch(`${url}/guarded/a%20b/part`, { method: 'POST', headers: key, body })
    expect(answer.headers.get('x-id')).toBe('a b')
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(body)
  })

  it('refuses what it does not serve', async () => {
    expect((await fetch(`${url}/nothing`)).status).toBe(404)
    expect((await fetch(`${url}/guarded/1/2/3`, { headers: key })).status).toBe(404)
    expect((await fetch(`${url}/guarded/1`, { method: 'DELETE', headers: key })).status).toBe(405)
  })

  it('refuses a body over the limit, however its length is told, and goes on serving', async () => {
    const body = 'x'.repeat(1_001)
    const refused = await fetch(`${url}/guarded/1`, { method: 'POST', headers: key, body })
    expect(refused.status).toBe(413)
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from(body))
        controller.close()
      },
    })
    const chunked = await fetch(`${url}/guarded/1`, {
      method: 'POST',
      headers: key,
      body: stream,
      duplex: 'half',
    })
    expect(chunked.status).toBe(413)
    expect((await fetch(`${url}/open`)).status).toBe(200)
  })

  it('answers 500 without a word about why when the function fails', async () => {
    handlers().open = () => {
      throw new Error('inner matters')
    }
    const answer = await fetch(`${url}/open`)
    delete handlers().open
    expect(answer.status).toBe(500)
    expect(await answer.text()).toBe('')
    expect(lines.at(-1)?.message).toBe('The function failed. inner matters')
  })

  it('is gone after stop', async () => {
    await host.stop()
    await expect(fetch(`${url}/open`)).rejects.toThrow('fetch failed')
  })
})
