import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StackState } from '../../../local/console/stack-state.ts'
import { createLocalAuthority, LOCAL_HOSTS } from '../../../local/emulators/tls/local-authority.ts'
import { hasTools } from '../../support/shell-tools.ts'
import { followElastic } from '../../support/siem-pages/elastic/follow-elastic.ts'
import type { Followed } from '../../support/siem-pages/followed.ts'
import { followGoogleSecops } from '../../support/siem-pages/google-secops/follow-google-secops.ts'
import { followOpenTelemetry } from '../../support/siem-pages/opentelemetry/follow-opentelemetry.ts'
import { followQradar } from '../../support/siem-pages/qradar/follow-qradar.ts'
import { followSplunk } from '../../support/siem-pages/splunk/follow-splunk.ts'
import { followWebhook } from '../../support/siem-pages/webhook/follow-webhook.ts'
import { until } from '../../support/until.ts'

const SINKS = ['elastic', 'splunk', 'secops', 'otel', 'event-hub', 'own'] as const
/** Kinds that the embedded stack sends by itself: with the bundled feed, and an emulated directory. */
const KINDS = ['heartbeat', 'identityContext', 'riskDetection', 'riskyIdentity']

const folder = mkdtempSync(join(tmpdir(), 'risk-export-pages-'))
let followed: ReadonlyMap<string, Followed>
/** Where the command finds this stack, and no other. */
const env = { ...process.env, TMPDIR: folder }
let stack: ChildProcess
let printed = ''

/** The settings of a destination, as the pages say: with its name in each, and its own authority. */
const named = ({ name, settings }: Followed, caPem: string): Readonly<Record<string, string>> =>
  name === 'event-hub'
    ? settings
    : Object.fromEntries(
        Object.entries({ ...settings, WEBHOOK_CA_PEM: caPem, WEBHOOK_ALLOW_PRIVATE_ADDRESSES: 'true' }).map(
          ([setting, value]) => [setting.replace(/^WEBHOOK_/, `WEBHOOK_${name.toUpperCase()}_`), value],
        ),
      )

describe.skipIf(!hasTools('bash', 'curl', 'openssl', 'python3'))(
  'pages of products, followed word for word on the embedded stack',
  () => {
    beforeAll(async () => {
      const authority = await createLocalAuthority('authority of the products')
      const caFile = join(folder, 'ca.pem')
      writeFileSync(caFile, authority.caPem)
      const world = { authority, hosts: LOCAL_HOSTS, caFile, folder }
      const all = await Promise.all([
        followElastic(world),
        followSplunk(world),
        followGoogleSecops(world),
        followOpenTelemetry(world),
        followQradar(),
        followWebhook(world),
      ])
      followed = new Map(all.map((one) => [one.name, one]))
      const settings = join(folder, 'settings.json')
      writeFileSync(
        settings,
        JSON.stringify({
          HEARTBEAT_SCHEDULE: '*/3 * * * * *',
          WEBHOOKS: SINKS.filter((name) => name !== 'event-hub').join(','),
          ...Object.assign({}, ...all.map((one) => named(one, authority.caPem))),
        }),
      )
      const args = ['dist/local/start.js', '--settings', settings]
      stack = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env })
      stack.stdout?.on('data', (text: Buffer) => {
        printed += text.toString()
      })
      await until(
        () => printed.includes('Press Ctrl-C to stop'),
        60_000,
        () => printed,
      )
    }, 90_000)

    afterAll(async () => {
      stack.kill('SIGKILL')
      for (const one of followed.values()) await one.stop()
      rmSync(folder, { recursive: true })
    })

    const page = (): string => /(http:\/\/127\.0\.0\.1:\d+\/)\n/.exec(printed)?.[1] ?? ''
    const state = async (): Promise<StackState> =>
      (await (await fetch(`${page()}state`)).json()) as StackState
    const product = (name: string): Followed => {
      const found = followed.get(name)
      if (found === undefined) throw new Error(`${name} was not followed`)
      return found
    }

    test.each(SINKS)('%s has every kind of event, as its page says', { timeout: 60_000 }, async (name) => {
      const { arrived, problems } = product(name)
      const kinds = () => [...new Set(arrived().map(({ kind }) => kind))].toSorted()
      await until(
        () => KINDS.every((kind) => kinds().includes(kind)),
        40_000,
        () => `${name} has ${kinds()}; ${problems()}`,
      )
      expect(kinds()).toEqual(KINDS)
      expect(problems()).toEqual([])
    })

    test.each(SINKS)(
      '%s has every event of the feed, and the page of npm start says so',
      { timeout: 60_000 },
      async (name) => {
        const sink = async () => (await state()).sinks.find((one) => one.name === name)
        await until(async () => {
          const { delivered = 0, duplicate = 0 } = (await sink()) ?? {}
          return delivered + duplicate === 44
        }, 40_000)
        expect(await sink()).toMatchObject({ missing: 0, deadLettered: 0 })
        const facts = product(name)
          .arrived()
          .filter(({ kind }) => kind.startsWith('risk'))
        expect(new Set(facts.map(({ eventId }) => eventId)).size).toBe(43)
        expect(await (await fetch(page())).text()).toContain(name)
      },
    )

    test('risk-export doctor --deliver says that each takes a test event, as the pages say', {
      timeout: 60_000,
    }, async () => {
      const { stdout, stderr } = await promisify(execFile)(
        process.execPath,
        ['dist/risk-export.mjs', 'doctor', '--deliver', '--local'],
        { env },
      )
      expect(stderr).toBe('')
      for (const name of ['log-analytics', 'webhook', ...SINKS]) {
        expect(stdout).toMatch(new RegExp(`^ok +sinks +${name} +It responds`, 'm'))
        expect(stdout).toMatch(new RegExp(`^ok +delivery +${name} `, 'm'))
      }
      expect(stdout).toContain(' 0 warn, 0 fail')
    })

    test.each(SINKS)('each block of the page %s was run, or is said to need the product', (name) => {
      expect(product(name).steps.left()).toEqual([])
      expect(product(name).steps.untried()).not.toBe('')
    })
  },
)
