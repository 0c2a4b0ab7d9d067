import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Stores, storesOf } from '../../local/checks/once/stores.ts'
import { createLocalAuthority, LOCAL_HOSTS } from '../../local/emulators/tls/local-authority.ts'
import { createStorage } from '../../local/stack/create-storage.ts'
import { type App, createApp } from '../../shared/composition/create-app.ts'
import { createOperator } from '../../shared/composition/create-operator.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'
import type { Environment } from '../../shared/config/setting-problems.ts'
import { noFailpoint } from '../../shared/delivery/failpoint.ts'
import { receiptTallies } from '../../shared/delivery/receipts/receipt-tallies.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import type { WriteLog } from '../../shared/telemetry/log-telemetry.ts'
import { appSettings } from '../support/app-settings.ts'
import { envelope, messageAt, riskRecord } from '../support/ingest-world.ts'
import { status } from '../support/scripted-answer.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'

let storage: StorageAccount
let caPem = ''
let stores: Stores
let servers: Readonly<Record<'plain' | 'soc' | 'lake', ScriptedServer>>
beforeAll(async () => {
  storage = await storageAccount()
  await createStorage(storage.connectionString)
  stores = storesOf(storage.connectionString, Date.now)
  const authority = await createLocalAuthority()
  caPem = authority.caPem
  const start = async () => startScriptedServer(await authority.issue(LOCAL_HOSTS))
  servers = { plain: await start(), soc: await start(), lake: await start() }
})
afterAll(() => Promise.all([storage.stop(), ...Object.values(servers).map((server) => server.stop())]))
beforeEach(() => {
  for (const server of Object.values(servers)) {
    server.forget()
    server.always(status(200, {}, '{"text":"Success","code":0}'))
  }
})

const REFERENCE = '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/it)'
const reached = (name: string, server: ScriptedServer): Environment => ({
  [`WEBHOOK_${name}_URL`]: `${server.origin}/services/collector/event`,
  [`WEBHOOK_${name}_ALLOW_PRIVATE_ADDRESSES`]: 'true',
  [`WEBHOOK_${name}_CA_PEM`]: caPem,
})

/** The plain destination, one for Splunk that wants states only, and a lake. */
const settings = (): Environment => ({
  // A busy machine may take more than the second that is the default, and events would be pending.
  DELIVERY_TIMEOUT_MS: '10000',
  ...appSettings(storage, `${servers.plain.origin}/hooks`),
  WEBHOOK_CA_PEM: caPem,
  WEBHOOKS: 'soc,lake',
  ...reached('SOC', servers.soc),
  WEBHOOK_SOC_FORMAT: 'splunk-hec',
  WEBHOOK_SOC_TOKEN: 'soc-token',
  WEBHOOK_SOC_CATEGORIES: 'RiskyAgents',
  ...reached('LAKE', servers.lake),
  WEBHOOK_LAKE_AUTH: 'bearer',
  WEBHOOK_LAKE_TOKEN: 'lake-token',
  WEBHOOK_LAKE_REDACT: 'identity.displayName:mask',
})

const startApp = (change: Environment = {}, log: WriteLog = () => undefined): App =>
  createApp({
    settings: readSettings({ ...settings(), ...change }),
    log,
    time: systemTime,
    newId: () => 'token',
    failpoint: noFailpoint,
  })

let last = 0
/** Ingests one record of an own partition, and tells what became of it at each sink. */
async function ingestOne(app: App) {
  const partition = String(++last)
  const lines: string[] = []
  await app.ingest(
    { messages: [messageAt(last, envelope(riskRecord(last)), partition)], withoutPosition: [] },
    0,
    (level, line) => lines.push(`${level}: ${line}`),
  )
  await app.stop()
  const pending = (await stores.outbox.pendingPartitions())
    .filter(({ outboxPartition }) => outboxPartition.partition === partition)
    .map(({ outboxPartition, events }) => [outboxPartition.sink, events])
  return { partition, pending: Object.fromEntries(pending), lines }
}

async function lastTallies() {
  const found: [string, object][] = []
  for await (const { metadata = {}, name } of stores.receipts.listBlobsFlat({ includeMetadata: true }))
    found.push([name, Object.fromEntries(receiptTallies(metadata))])
  return found.sort(([a], [b]) => (a < b ? -1 : 1)).at(-1)?.[1]
}

describe('several destinations', () => {
  it('get what each wants, each in its own way, and what one does not want counts as filtered', async () => {
    const { pending } = await ingestOne(startApp())
    expect(pending).toEqual({})
    expect(await lastTallies()).toMatchObject({
      webhook: { delivered: 1, filtered: 0 },
      soc: { delivered: 0, filtered: 1 },
      lake: { delivered: 1, filtered: 0 },
    })
    const [plain] = servers.plain.requests
    const [lake] = servers.lake.requests
    expect(servers.soc.requests).toEqual([])
    expect(plain?.headers).toMatchObject({ 'webhook-signature': expect.stringMatching(/^v1,/) })
    expect(plain?.headers.authorization).toBeUndefined()
    expect(lake?.headers).toMatchObject({ authorization: 'Bearer lake-token' })
    expect(JSON.parse(String(lake?.body))[0].data.identity.displayName).toBe('***')
    const { displayName } = JSON.parse(String(plain?.body))[0].data.identity
    expect(displayName).toBe('Payroll nightly sync')
    for await (const { name } of stores.archive.listBlobsFlat()) {
      const archived = gunzipSync(await stores.archive.getBlobClient(name).downloadToBuffer()).toString()
      expect(archived, 'the archive stays whole').toContain(displayName)
      expect(archived).not.toContain('***')
    }
  })

  it.each(['old', 'new'])(
    'are rotated one by one: with both tokens set and the %s one known, no event waits',
    async (known) => {
      servers.lake.answering(({ headers }) =>
        headers.authorization === `Bearer ${known}` ? undefined : status(401),
      )
      const { pending } = await ingestOne(
        startApp({ WEBHOOK_LAKE_TOKEN: 'old', WEBHOOK_LAKE_TOKEN_NEXT: 'new' }),
      )
      expect(pending).toEqual({})
      expect(servers.lake.requests.at(-1)?.headers.authorization).toBe(`Bearer ${known}`)
    },
  )

  it('go on with the token they have where the vault does not give the next, and say so', async () => {
    const change = { WEBHOOK_LAKE_TOKEN_NEXT: REFERENCE }
    expect((await ingestOne(startApp(change))).pending).toEqual({})
    expect(servers.lake.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer lake-token'])

    const lines: string[] = []
    const app = startApp(change, (level, line) => lines.push(`${level}: ${line}`))
    await app.start()
    const health = await app.health()
    await app.stop()
    expect(health.find(({ name }) => name === 'lake')).toEqual({
      name: 'lake',
      healthy: true,
      warning: expect.stringMatching(/^WEBHOOK_LAKE_TOKEN_NEXT: the reference is not resolved: .*accept it$/),
    })
    expect(lines).toEqual([
      expect.stringMatching(/^warning: The destination lake: WEBHOOK_LAKE_TOKEN_NEXT: /),
    ])
  })

  it.each<[string, Environment, string]>([
    ['a secret that the vault does not give', { WEBHOOK_LAKE_TOKEN: REFERENCE }, 'WEBHOOK_LAKE_TOKEN'],
    ['no URL', { WEBHOOK_LAKE_URL: '' }, 'WEBHOOK_LAKE_URL'],
    ['a URL that is none', { WEBHOOK_LAKE_URL: 'lake.example' }, 'WEBHOOK_LAKE_URL'],
    ['a token that is refused', { WEBHOOK_LAKE_TOKEN: 'wrong' }, 'WEBHOOK_LAKE_'],
  ])('are none the worse for one with %s: its events wait, and health says why', async (_, change, names) => {
    servers.lake.answering(({ headers }) =>
      headers.authorization === 'Bearer wrong' ? status(401) : undefined,
    )
    const app = startApp(change)
    const { partition, pending, lines } = await ingestOne(app)
    expect(pending).toEqual({ lake: 1 })
    expect(lines.join()).toMatch(/warning: .*lake pending=1 in \d+ ms \((notConfigured|unauthorized)\)/)
    expect(servers.plain.requests).toHaveLength(1)
    const health = await startApp(change).health()
    expect(health.filter(({ healthy }) => !healthy)).toMatchObject([
      { name: 'lake', message: expect.stringContaining(names) },
    ])

    // Once its settings are right, what waited is delivered.
    const cured = startApp()
    for (const { outboxPartition } of await stores.outbox.pendingPartitions())
      if (outboxPartition.partition === partition) await cured.redeliver(outboxPartition, () => undefined)
    await cured.stop()
    expect(servers.lake.requests.at(-1)?.headers.authorization).toBe('Bearer lake-token')
    expect(
      (await stores.outbox.pendingPartitions()).filter((p) => p.outboxPartition.partition === partition),
    ).toEqual([])
  })

  it('of which one was added later is filled by replay, and no other gets anything again', async () => {
    const from = instant(Date.UTC(2020, 0, 1))
    const env = { ...settings(), WEBHOOKS: 'soc,lake,later', ...reached('LATER', servers.soc) }
    const later = { ...env, WEBHOOK_LATER_AUTH: 'none' }
    const operator = createOperator({
      env: later,
      credential: 'default',
      user: 'someone',
      time: systemTime,
      newId: () => 'replay',
      onUnreadable: () => undefined,
    })
    expect(operator.sinkNames).toEqual(['log-analytics', 'webhook', 'soc', 'lake', 'later'])
    const report = await operator.replay(
      {
        sink: 'later',
        from,
        to: instant(Date.now() + 1_000_000_000),
        mode: 'renormalise',
        categories: [],
        identity: undefined,
        after: undefined,
        eventsPerSecond: 1000,
        dryRun: false,
      },
      () => undefined,
      new AbortController().signal,
    )
    expect(report.matched).toBe(last)
    const app = startApp(later)
    for (const { outboxPartition } of await stores.outbox.pendingPartitions())
      await app.redeliver(outboxPartition, () => undefined)
    await app.stop()
    const events = servers.soc.requests.flatMap(({ body }) => JSON.parse(String(body)))
    expect(events).toHaveLength(last)
    expect(servers.plain.requests).toEqual([])
    expect(servers.lake.requests).toEqual([])
  })
})
