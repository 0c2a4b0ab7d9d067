import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StackState } from '../../local/console/stack-state.ts'
import { SENDS_NOTHING } from '../../local/stack/sends-nothing.ts'
import { programSha256 } from '../../shared/composition/program-digest.ts'
import { until } from '../support/until.ts'

let folder = ''
let stack: ChildProcess
let printed = ''
const found = (pattern: RegExp): string => pattern.exec(printed)?.[1] ?? ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'live-'))
  const settings = join(folder, 'settings.json')
  // A heartbeat every five minutes, by the clock, would be one message too many now and then.
  const { HEARTBEAT_SCHEDULE } = SENDS_NOTHING
  await writeFile(settings, JSON.stringify({ HEARTBEAT_SCHEDULE }))
  const args = ['dist/local/start.js', '--settings', settings]
  stack = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  stack.stdout?.on('data', (text: Buffer) => {
    printed += text.toString()
  })
  await until(() => printed.includes('Press Ctrl-C to stop'), 60_000)
}, 60_000)

afterAll(() => {
  stack.kill('SIGKILL')
  return rm(folder, { recursive: true })
})

const page = (): string => found(/(http:\/\/127\.0\.0\.1:\d+\/)\n/)
const state = async (): Promise<StackState> => (await (await fetch(`${page()}state`)).json()) as StackState

const post = (path: string, body: object): Promise<Response> =>
  fetch(`${page()}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const put = (id: string): Promise<Response> =>
  post('feed', {
    category: 'RiskyServicePrincipals',
    properties: {
      id,
      riskLevel: 'low',
      riskState: 'atRisk',
      riskLastUpdatedDateTime: '2026-09-20T1:00:00Z',
    },
  })
const sink = async (name: string) => (await state()).sinks.find((s) => s.name === name)

describe('npm start', () => {
  it('prints where to look and how to send', () => {
    expect(page()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    expect(printed).toContain('UseDevelopmentEmulator=true')
  })

  it('shows on its page what the receivers got', { timeout: 30_000 }, async () => {
    await until(async () => (await state()).sinks.every((s) => s.received > 0), 20_000)
    expect(await (await fetch(page())).text()).toContain('Entra risk export')
  })

  it('takes what is POSTed to /feed through the same pipeline', { timeout: 30_000 }, async () => {
    const posted = await put('posted-here')
    expect(posted.status).toBe(202)
    await until(async () => JSON.stringify((await state()).identities).includes('posted-here'), 20_000)
  })

  it('reads by itself what covers an identity at risk, the most severe first, and shows it', {
    timeout: 30_000,
  }, async () => {
    const investigation = async () =>
      (await fetch(`${page()}identities/7be50a92-c4d3-4168-9af7-8e1d60b3f52c`)).text()
    await until(async () => !(await investigation()).includes('none was read'), 25_000)
    expect(await investigation()).toContain('blocked at its risk level by Block agents at high risk')
  })

  it('counts as --once does, and the books close', { timeout: 30_000 }, async () => {
    let settled = await state()
    // Until a context of the program's own is read, it counts as a message that was sent.
    await until(async () => {
      settled = await state()
      return settled.unread === 0 && settled.sinks.every((s) => s.onTheWay + s.pending === 0)
    }, 20_000)
    const { messages, unread, records, events, faults, skipped, archive, sinks } = settled
    expect({ messages, unread, records, events, faults, skipped, lines: archive.lines }).toEqual({
      messages: 30,
      unread: 0,
      records: 58,
      events: 45,
      faults: 10,
      skipped: 3,
      lines: 55,
    })
    for (const s of sinks) {
      expect(s).toMatchObject({ missing: 0, filtered: 0, deadLettered: 0 })
      expect(s.delivered + s.duplicate).toBe(45)
      expect(s.received - s.receivedTwice).toBe(44)
    }
  })

  it('has one destination go down without hurting the other, which then catches up by itself', {
    timeout: 90_000,
  }, async () => {
    const before = await sink('log-analytics')
    expect((await post('sinks/webhook', { behaviour: 'down' })).status).toBe(200)
    await put('sent-while-down')
    await until(async () => (await sink('log-analytics'))?.delivered === (before?.delivered ?? 0) + 1, 20_000)
    await until(async () => (await sink('webhook'))?.pending === 1, 20_000)
    expect(await sink('webhook')).toMatchObject({ state: 'down', behaviour: 'down', missing: 0 })
    expect(await sink('log-analytics')).toMatchObject({ state: 'up', behaviour: 'healthy', pending: 0 })
    expect((await post('sinks/webhook', { behaviour: 'healthy' })).status).toBe(200)
    await until(async () => (await sink('webhook'))?.state === 'up', 60_000)
    expect(await sink('webhook')).toMatchObject({ pending: 0, missing: 0 })
  })

  it('answers for its health to whoever has the key, and names every sink', async () => {
    const url = found(/(http:\/\/127\.0\.0\.1:\d+\/api\/health)/)
    expect((await fetch(url)).status).toBe(401)
    const answer = await fetch(url, { headers: { 'x-functions-key': found(/x-functions-key: ([^']+)'/) } })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({
      status: 'healthy',
      // Of the files that this stack was loaded from.
      programSha256: await programSha256(),
      checks: [{ name: 'log-analytics' }, { name: 'webhook' }, { name: 'archive' }],
    })
  })

  it('ends in good order on Ctrl-C, and everything that it started with it', async () => {
    const ended = once(stack, 'exit')
    stack.kill('SIGINT')
    expect(await ended).toEqual([0, null])
    await expect(fetch(`${page()}state`)).rejects.toThrow('fetch failed')
  })
})
