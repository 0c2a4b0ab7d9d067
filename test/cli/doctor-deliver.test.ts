import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type EventHubEmulator, startEventHubEmulator } from '../../local/emulators/event-hubs/emulator.ts'
import { azureClients } from '../../shared/composition/azure-clients.ts'
import { testDelivery } from '../../shared/composition/create-test-delivery.ts'
import { credentialOf } from '../../shared/composition/operator-credential.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { operatorSettings } from '../../shared/config/operator-settings.ts'
import { type Fault, recordFault, sinkFault } from '../../shared/domain/fault.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import type { Finding } from '../../shared/operations/doctor/diagnose.ts'
import { HUB, type IngestWorld, ingestWorld } from '../support/ingest-world.ts'
import { type ScriptedSink, scriptedSink } from '../support/scripted-sink.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'
import { cli } from './cli-under-test.ts'
import { settingsFor } from './stored-situation.ts'

let azurite: StorageAccount
let hub: EventHubEmulator
let world: IngestWorld
let logs: ScriptedSink
let siem: ScriptedSink
let fault: Fault | undefined
let unfit: Fault | undefined
let isRunning: boolean
let pump: Promise<void>
let isOver = false

/** An app that reads the hub. */
async function readOn(): Promise<void> {
  const read = new Set<string>()
  while (!isOver) {
    for (const { partition, sequenceNumber, offset, enqueuedAtMs, body } of hub.messages(HUB)) {
      const key = `${partition}/${sequenceNumber}`
      if (!isRunning || read.has(key)) continue
      read.add(key)
      const place = { namespace: 'localhost', hub: HUB, partition, sequenceNumber, offset }
      await world.ingest([{ position: { ...place, enqueuedAt: instant(enqueuedAtMs) }, body }])
    }
    await wait(20)
  }
}

beforeAll(async () => {
  azurite = await storageAccount()
  hub = await startEventHubEmulator({ hubs: [{ name: HUB, partitions: 2 }], nowMs: () => Date.now() })
  logs = scriptedSink({ name: 'log-analytics' })
  siem = scriptedSink({
    name: 'webhook',
    unfit: () => unfit,
    answer: () => (fault === undefined ? undefined : { status: 'failed', fault }),
  })
  world = await ingestWorld({ azurite, sinks: [logs, siem], startMs: Date.now() })
  pump = readOn()
})
beforeEach(() => {
  fault = undefined
  unfit = undefined
  isRunning = true
})
afterAll(async () => {
  isOver = true
  await pump
  await hub.stop()
  await azurite.stop()
})

const env = () => settingsFor(azurite, hub.connectionString(HUB))

async function delivered(timeoutMs: number): Promise<readonly Finding[]> {
  const settings = operatorSettings(env())
  const clients = azureClients(settings, credentialOf('default', undefined), systemTime)
  return testDelivery({ newId: randomUUID, timeoutMs }, settings, clients, world.outbox, systemTime)
}
const told = (findings: readonly Finding[]) => findings.map(({ name, level }) => [name, level])

describe('a test event', () => {
  it('goes through hub, archive and every sink that is on, and is marked as what it is', async () => {
    const findings = await delivered(20_000)
    expect(told(findings)).toEqual([
      ['hub', 'ok'],
      ['archive', 'ok'],
      ['log-analytics', 'ok'],
      ['webhook', 'ok'],
    ])
    expect(findings[3]?.says).toMatch(/^Delivered after \d+\.\d s \(request webhook-request-1, 204\)\.$/)
    expect([logs.taken.length, siem.taken.length]).toEqual([1, 1])
    const [message] = [...hub.messages(HUB)]
    const { records } = JSON.parse(Buffer.from(message?.body ?? []).toString())
    expect(records).toMatchObject([
      { category: 'RiskExport.Heartbeat', origin: 'operator', properties: { health: { test: true } } },
    ])
  })

  it('that cannot go to one sink is reported with what to check, and the other sink has it', async () => {
    unfit = recordFault('tooLarge', 'The event is larger than a request may be.')
    const findings = await delivered(10_000)
    expect(told(findings).slice(2)).toEqual([
      ['log-analytics', 'ok'],
      ['webhook', 'fail'],
    ])
    expect(findings[3]).toMatchObject({ fix: 'The event is larger than a request may be.' })
    expect(findings[3]?.says).toMatch(/^Dead-lettered after \d+\.\d s: tooLarge\.$/)
  })

  it('that is pending is waited for no longer than asked', async () => {
    fault = sinkFault('unauthorized', 'The receiver does not know our token.', { status: 401 })
    const startedMs = performance.now()
    const findings = await delivered(2000)
    expect(performance.now() - startedMs).toBeLessThan(10_000)
    expect(findings[3]).toMatchObject({
      level: 'fail',
      says: 'Still pending after 2 s: unauthorized.',
      fix: 'The receiver does not know our token.',
    })
  })

  it('that no app reads is one failure', async () => {
    isRunning = false
    const findings = await delivered(1000)
    expect(told(findings)).toEqual([
      ['hub', 'ok'],
      ['archive', 'fail'],
    ])
    expect(findings[1]?.says).toBe('Not archived within 1 s.')
  })

  it('is sent by no doctor that found a failure on its way, and by none that was not asked', async () => {
    const { LOGS_INGESTION_ENDPOINT: _, LOGS_INGESTION_RULE_ID: __, ...rest } = env()
    const before = hub.stats.messagesStored
    const EventHub = hub.connectionString(HUB).replace(/EntityPath=.*/, 'EntityPath=another')
    const broken = { ...rest, WEBHOOK_URL: '', EventHub, EVENT_HUB_NAME: 'another' }
    const { code, stdout } = await cli(['doctor', '--deliver'], { env: broken })
    expect([code, hub.stats.messagesStored - before]).toEqual([1, 0])
    expect(stdout).toContain('No test event was sent.')
    await cli(['doctor'], { env: { ...rest, WEBHOOK_URL: '' } })
    expect(hub.stats.messagesStored - before).toBe(0)
  })

  it('is sent where only a destination cannot be set up, which the others do not wait for', async () => {
    const before = hub.stats.messagesStored
    const broken = { ...env(), WEBHOOKS: 'soc', WEBHOOK_SOC_URL: 'soc.example' }
    const { stdout } = await cli(['doctor', '--deliver', '--wait', '1'], { env: broken })
    expect(stdout).toMatch(/^fail +settings +WEBHOOK_SOC_URL /m)
    expect(hub.stats.messagesStored - before).toBe(1)
  })

  it('is asked for by doctor --deliver', async () => {
    const { LOGS_INGESTION_ENDPOINT: _, LOGS_INGESTION_RULE_ID: __, ...rest } = env()
    const webhook = {
      WEBHOOK_URL: 'https://127.0.0.1:9/',
      WEBHOOK_SECRET: `whsec_${'A'.repeat(32)}`,
      WEBHOOK_ALLOW_PRIVATE_ADDRESSES: 'true',
    }
    const { stdout } = await cli(['doctor', '--deliver', '--wait', '3', '--json'], {
      env: { ...rest, ...webhook },
      newId: randomUUID,
    })
    const { checks } = JSON.parse(stdout) as { checks: { area: string; names: string[]; level: string }[] }
    expect(checks.filter(({ area }) => area === 'delivery').map((c) => [c.names, c.level])).toEqual([
      [['hub'], 'ok'],
      [['archive'], 'ok'],
      [['webhook'], expect.any(String) as string],
    ])
  })
})
