import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StackState } from '../../local/console/stack-state.ts'
import { refuse } from '../../local/emulators/http/receiver-step.ts'
import { type SiemReceiver, startSiemReceiver } from '../../local/emulators/siem/siem-receiver.ts'
import { createLocalAuthority } from '../../local/emulators/tls/local-authority.ts'
import { SENDS_NOTHING } from '../../local/stack/sends-nothing.ts'
import { until } from '../support/until.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const TOKEN = '00000000-0000-4000-8000-000000000000'

let folder = ''
let mine: SiemReceiver
let soc: SiemReceiver
let stack: ChildProcess
let printed = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-'))
  const authority = await createLocalAuthority('an authority of my own')
  const start = (format: 'cloudevents' | 'splunk-hec') =>
    startSiemReceiver({ authority, secrets: [SECRET], format, token: TOKEN, nowMs: () => Date.now() })
  mine = await start('splunk-hec')
  soc = await start('cloudevents')
  const [ca, settings] = [join(folder, 'ca.pem'), join(folder, 'settings.json')]
  await writeFile(ca, authority.caPem)
  await writeFile(
    settings,
    JSON.stringify({
      // Nothing is late on a busy machine, and nothing comes but the feed.
      DELIVERY_TIMEOUT_MS: '10000',
      HEARTBEAT_SCHEDULE: SENDS_NOTHING.HEARTBEAT_SCHEDULE,
      WEBHOOK_FORMAT: 'splunk-hec',
      WEBHOOK_SECRET: SECRET,
      WEBHOOK_TOKEN: TOKEN,
      LOGS_INGESTION_CATEGORIES: 'RiskyServicePrincipals',
      WEBHOOK_URL: 'https://siem.example/not-here',
      WEBHOOKS: 'soc,lake',
      WEBHOOK_SOC_URL: soc.url,
      WEBHOOK_SOC_SECRET: SECRET,
      WEBHOOK_SOC_CA_PEM: authority.caPem,
      WEBHOOK_SOC_ALLOW_PRIVATE_ADDRESSES: 'true',
      WEBHOOK_SOC_MIN_LEVEL: 'high',
    }),
  )
  const args = ['--webhook', mine.url, '--ca', ca, '--settings', settings]
  stack = spawn(process.execPath, ['dist/local/start.js', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  stack.stdout?.on('data', (text: Buffer) => {
    printed += text.toString()
  })
  await until(() => printed.includes('Press Ctrl-C to stop'), 60_000)
}, 60_000)

afterAll(async () => {
  stack.kill('SIGKILL')
  await mine.stop()
  await soc.stop()
  await rm(folder, { recursive: true, force: true })
})

const url = (): string => /(http:\/\/127\.0\.0\.1:\d+\/)\n/.exec(printed)?.[1] ?? ''
const state = async (): Promise<StackState> => (await (await fetch(`${url()}state`)).json()) as StackState
const sink = async (name: string) => (await state()).sinks.find((s) => s.name === name)
const post = (path: string, body: object) =>
  fetch(`${url()}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

describe('npm start -- --webhook URL --ca FILE --settings FILE', () => {
  it('delivers to a receiver of your own, and counts by the receipts what that has', {
    timeout: 60_000,
  }, async () => {
    await until(async () => {
      const s = await sink('webhook')
      return s !== undefined && s.delivered + s.duplicate === 44 && s.missing + s.onTheWay + s.pending === 0
    }, 40_000)
    expect(mine.refusals()).toEqual([])
    expect(await sink('webhook')).toMatchObject({ received: mine.received(), state: 'up' })
    expect(await sink('webhook')).not.toHaveProperty('behaviour')
    expect(mine.eventIds().size).toBe(43)
  })

  it('shows further destinations of yours too, each with what it wants, and one that cannot be set up', {
    timeout: 60_000,
  }, async () => {
    await until(async () => {
      const s = await sink('soc')
      return s !== undefined && s.delivered + s.duplicate + s.filtered === 44 && s.missing + s.pending === 0
    }, 40_000)
    const { filtered = 0, received } = (await sink('soc')) ?? {}
    expect(filtered).toBeGreaterThan(0)
    expect(filtered).toBeLessThan(44)
    expect(received).toBeGreaterThan(0)
    expect(soc.received()).toBeGreaterThanOrEqual(received ?? 0)
    expect(await sink('lake')).toMatchObject({ pending: expect.any(Number), delivered: 0, missing: 0 })
    expect(((await sink('lake'))?.pending ?? 0) > 0).toBe(true)
    expect(await (await fetch(url())).text()).toContain('lake')
  })

  it('takes from the file what says how the app behaves, and says what it leaves out', async () => {
    expect(printed).toContain(`Webhook            ${mine.url}`)
    expect(printed).toContain('Ignored settings   WEBHOOK_URL')
    expect(printed).toContain('Cannot set up      lake: WEBHOOK_LAKE_URL is not set')
    expect(printed).not.toContain(SECRET)
    const { filtered = 0, delivered = 0, duplicate = 0, missing } = (await sink('log-analytics')) ?? {}
    expect(filtered).toBeGreaterThan(0)
    expect([filtered + delivered + duplicate, missing]).toEqual([44, 0])
  })

  it('shows it down when it is, with the events pending, and has no switch for it', {
    timeout: 60_000,
  }, async () => {
    expect((await post('sinks/webhook', { behaviour: 'down' })).status).toBe(404)
    mine.always(refuse(503))
    await post('feed', {
      category: 'RiskyServicePrincipals',
      properties: {
        id: 'a-new-one',
        riskLevel: 'low',
        riskState: 'atRisk',
        riskLastUpdatedDateTime: '2026-09-20T1:00:00Z',
      },
    })
    await until(async () => (await sink('webhook'))?.state === 'down', 40_000)
    expect(await sink('webhook')).toMatchObject({ pending: 1, missing: 0 })
    expect((await sink('log-analytics'))?.state).toBe('up')
  })
})
