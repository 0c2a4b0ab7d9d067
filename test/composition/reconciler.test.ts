import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EventHubEmulator, startEventHubEmulator } from '../../local/emulators/event-hubs/emulator.ts'
import { type EmulatedGraph, startGraph } from '../../local/emulators/graph/graph.ts'
import { riskDetection, riskyServicePrincipal } from '../../local/emulators/graph/risk-objects.ts'
import { createLocalAuthority } from '../../local/emulators/tls/local-authority.ts'
import { blobName } from '../../shared/archive/blob-name.ts'
import { LeanContainer } from '../../shared/azure/lean-container.ts'
import { azureClients } from '../../shared/composition/azure-clients.ts'
import { createReconciler, type Reconciler } from '../../shared/composition/reconciler.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { type AppSettings, readSettings } from '../../shared/config/parse-settings.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { stateBlob } from '../../shared/graph/state-blob.ts'
import { reconcileHealth } from '../../shared/operations/heartbeat.ts'
import { appSettings } from '../support/app-settings.ts'
import { envelope, HUB, type IngestWorld, ingestWorld, messageAt } from '../support/ingest-world.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'

const APP = 'the-app'
const PERMISSIONS = ['IdentityRiskEvent.Read.All', 'IdentityRiskyServicePrincipal.Read.All']
const PRINCIPAL = '0a000000-0000-4000-8000-000000000001'
const NOW = Date.UTC(2026, 2, 1, 12)
const HOUR_MS = 3_600_000
const never = new AbortController().signal
const SINCE = instant(NOW - 72 * HOUR_MS)

let clockMs = NOW
/** Pacing takes no time; a lease is renewed by the real clock. */
const time = {
  ...systemTime,
  now: () => clockMs,
  monotonicMs: () => clockMs,
  async sleep(ms: number, signal?: AbortSignal) {
    if (ms >= 10_000) return systemTime.sleep(ms, signal)
    clockMs += ms
  },
}

let azurite: StorageAccount
let hub: EventHubEmulator
let graph: EmulatedGraph
let world: IngestWorld
let settings: AppSettings
let reconciler: Reconciler

const newReconciler = (): Reconciler => {
  const credential = { getToken: async () => ({ token: APP, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) }
  const clients = azureClients(settings, async () => credential, systemTime)
  return createReconciler(settings, clients, time, {
    access: { credential: async () => credential, caPem },
    onUnreadable: (blob, because) => leftOut.push(`${blob} ${because}`),
  })
}
const leftOut: string[] = []
let caPem = ''

beforeAll(async () => {
  const authority = await createLocalAuthority()
  ;({ caPem } = authority)
  ;[azurite, hub, graph] = await Promise.all([
    storageAccount(),
    startEventHubEmulator({ hubs: [{ name: HUB, partitions: 1 }], nowMs: () => clockMs }),
    startGraph({
      authority,
      principals: [{ id: APP, holds: (token) => token === APP, permissions: PERMISSIONS }],
      nowMs: () => clockMs,
    }),
  ])
  world = await ingestWorld({ azurite, sinks: [], startMs: NOW })
  settings = readSettings({
    ...appSettings(azurite, 'https://siem.example/hook'),
    EVENT_HUB_NAME: HUB,
    EventHub: hub.connectionString(HUB),
    GRAPH_ENDPOINT: graph.url,
    RESOURCE_MANAGER_ENDPOINT: graph.url,
  })
  reconciler = newReconciler()
  graph.tenant.put(
    'servicePrincipalRiskDetections',
    riskDetection({ id: 'known', servicePrincipalId: PRINCIPAL }),
    riskDetection({ id: 'lost', servicePrincipalId: PRINCIPAL }),
  )
  graph.tenant.put('riskyServicePrincipals', riskyServicePrincipal({ id: PRINCIPAL }))
  graph.tenant.putChildren('history', PRINCIPAL, {
    ...riskyServicePrincipal({ id: `${PRINCIPAL}-1` }),
    riskLevel: 'medium',
    riskLastUpdatedDateTime: '2026-02-27T08:00:00.1234567Z',
  })
})
afterAll(() => Promise.all([azurite.stop(), hub.stop(), graph.stop()]))

const sentRecords = (): readonly Record<string, unknown>[] =>
  [...hub.messages(HUB)].flatMap(({ body }) => JSON.parse(String(body)).records)

const run = async () => {
  clockMs += 2000
  const ran = await reconciler.run({ from: SINCE, graceMs: 0, maxHistories: 10 }, never)
  if (ran === 'busy') throw new Error('busy')
  return ran
}

const askedOfGraph = () => graph.log().filter(({ target }) => !target.includes('microsoft.aadiam'))

describe('reconciling with Graph, over TLS, AMQP and real storage', () => {
  it('puts on the hub what the archive lacks, states in between included, at one request a second', async () => {
    const known = {
      category: 'ServicePrincipalRiskEvents',
      time: '2/27/2026 9:15:22 AM',
      properties: { ...riskDetection({ id: 'known', servicePrincipalId: PRINCIPAL }) },
    }
    await world.ingest([messageAt(1, envelope(JSON.stringify(known)))])
    const { report, previous } = await run()
    expect(previous).toBeUndefined()
    expect(report).toMatchObject({ inBoth: 1, onlyInGraph: 3, due: 3, sent: 3, unread: [] })
    expect(sentRecords()).toMatchObject([
      { category: 'ServicePrincipalRiskEvents', origin: 'graph', properties: { id: 'lost' } },
      {
        category: 'RiskyServicePrincipals',
        origin: 'graph',
        properties: { id: PRINCIPAL, riskLevel: 'high' },
      },
      { category: 'RiskyServicePrincipals', properties: { id: PRINCIPAL, riskLevel: 'medium' } },
    ])
    expect(askedOfGraph().map(({ status }) => status)).toEqual([200, 200, 200])
  })

  it('adds nothing the second time, on its way or archived, and asks for no history that it has', async () => {
    graph.clearLog()
    expect((await run()).report).toMatchObject({ onlyInGraph: 3, due: 0, sent: 0 })
    await world.ingest([...hub.messages(HUB)].map(({ body }, i) => messageAt(10 + i, String(body))))
    expect((await run()).report).toMatchObject({ inBoth: 1, onlyInGraph: 3, due: 0 })
    graph.clearLog()
    const { report, previous } = await run()
    expect(previous).toMatchObject({ due: 0 })
    expect(sentRecords()).toHaveLength(3)
    expect(askedOfGraph().map(({ target }) => target.split('?')[0])).toEqual([
      '/v1.0/identityProtection/servicePrincipalRiskDetections',
      '/v1.0/identityProtection/riskyServicePrincipals',
    ])
    expect(await reconciler.lastReport()).toEqual(report)
  })

  it('leaves Graph to one process at a time', async () => {
    const other = newReconciler()
    const both = await Promise.all([run(), other.run({ from: SINCE, graceMs: 0, maxHistories: 10 }, never)])
    expect(both.filter((one) => one === 'busy')).toHaveLength(1)
  })

  it('says which collection cannot be read for lack of a permission, and compares the others', async () => {
    graph.permit(APP, ['IdentityRiskyServicePrincipal.Read.All'])
    const { report } = await run()
    expect(report.unread).toEqual([
      { name: 'servicePrincipalRiskDetections', fault: { kind: 'noPermission' } },
    ])
    graph.permit(APP, PERMISSIONS)
  })

  it('reads whether the diagnostic setting streams to this hub, where it may', async () => {
    expect((await run()).report.diagnosticSetting).toEqual({
      state: 'unknown',
      fault: { kind: 'noPermission' },
    })
    graph.permit(APP, [...PERMISSIONS, 'microsoft.aadiam/diagnosticSettings/read'])
    expect((await run()).report.diagnosticSetting).toEqual({ state: 'gone' })
    graph.tenant.put('diagnosticSettings', {
      id: 'x',
      properties: {
        eventHubAuthorizationRuleId: '/x/namespaces/localhost/authorizationRules/y',
        eventHubName: HUB,
        logs: [{ category: 'RiskyServicePrincipals', enabled: true }],
      },
    })
    const { report } = await run()
    expect(report.diagnosticSetting).toEqual({
      state: 'incomplete',
      missing: ['ServicePrincipalRiskEvents'],
    })
    expect(reconcileHealth(report)).toMatchObject({ diagnosticSetting: 'incomplete' })
    expect((await reconciler.lastReport())?.diagnosticSetting).toEqual(report.diagnosticSetting)
    graph.permit(APP, PERMISSIONS)
  })

  it('tells a missing licence from a missing permission', async () => {
    graph.license([])
    const { report } = await run()
    expect(report.unread.map(({ fault }) => fault.kind)).toEqual(['noLicence', 'noLicence'])
  })

  it('goes on past an archive blob that cannot be read, and names it', async () => {
    const first = messageAt(500, '').position
    const name = blobName({ first, lastSequenceNumber: 500, contentHash: '0'.repeat(64) })
    await world.archive.getBlockBlobClient(name).upload('no gzip', 7)
    await run()
    expect(leftOut).toEqual([`${name} is damaged: it cannot be decompressed`])
  })

  it('ends when it loses the right to ask', async () => {
    const container = new LeanContainer(azurite.connectionString, 'risk-export')
    const blob = container.getBlobClient('graph/v1/state.json')
    const impatient = { sleep: () => systemTime.sleep(20) }
    const running = stateBlob(container, impatient).withLease(
      (_, __, signal) =>
        new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('ended'))),
      never,
    )
    while ((await blob.getProperties()).leaseState !== 'leased') await systemTime.sleep(10)
    await blob.getBlobLeaseClient().breakLease(0)
    expect(await running).toBe('ended')
  })
})
