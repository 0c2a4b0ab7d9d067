import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { sendFeed } from '../../local/checks/once/send-feed.ts'
import { isSettled } from '../../local/checks/once/settled.ts'
import { storesOf } from '../../local/checks/once/stores.ts'
import { createLocalAuthority, LOCAL_HOSTS } from '../../local/emulators/tls/local-authority.ts'
import { readFeed } from '../../local/stack/feed/read-feed.ts'
import { startHostProcess } from '../../local/stack/host-process.ts'
import { HUB } from '../../local/stack/names.ts'
import { SENDS_NOTHING } from '../../local/stack/sends-nothing.ts'
import { startStack } from '../../local/stack/stack.ts'
import { status } from '../support/scripted-answer.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import { storageAccount } from '../support/storage-account.ts'
import { until } from '../support/until.ts'

const INSTRUMENTATION_KEY = '0f0e0d0c-1111-4222-8333-444455556666'

interface Envelope {
  readonly data: {
    readonly baseType: string
    readonly baseData: {
      readonly metrics?: readonly { readonly name: string; readonly value: number }[]
      readonly properties?: Readonly<Record<string, string>>
    }
  }
}

let bodies: readonly string[] = []
let envelopes: readonly Envelope[] = []

/**
 * Runs the built program with Application Insights at a server of ours, which keeps what it is
 * sent.
 */
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'risk-export-metrics-'))
  const authority = await createLocalAuthority('Insights CA')
  const insights = await startScriptedServer(await authority.issue(LOCAL_HOSTS))
  insights.always(
    status(
      200,
      { 'content-type': 'application/json' },
      () => '{"itemsReceived":1,"itemsAccepted":1,"errors":[]}',
    ),
  )
  const stack = await startStack({ nowMs: Date.now, storage: storageAccount() })
  try {
    const trusted = join(folder, 'ca.pem')
    const stackCa = await readFile(stack.environment['NODE_EXTRA_CA_CERTS'] ?? '', 'utf8')
    await writeFile(trusted, `${stackCa}\n${authority.caPem}`)
    const host = await startHostProcess({
      environment: {
        ...stack.environment,
        NODE_EXTRA_CA_CERTS: trusted,
        SWEEP_SCHEDULE: '* * * * * *',
        // On a busy machine, too, everything is delivered at the first attempt; and nothing comes but the feed.
        DELIVERY_TIMEOUT_MS: '10000',
        HEARTBEAT_SCHEDULE: SENDS_NOTHING.HEARTBEAT_SCHEDULE,
        APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=${INSTRUMENTATION_KEY};IngestionEndpoint=${insights.origin}/`,
      },
      onLog: () => undefined,
    })
    const { checkpoints, outbox } = storesOf(stack.azurite.connectionString, Date.now)
    await sendFeed(stack.hub.connectionString(HUB), await readFeed('local/stack/feed/bundled'))
    const last = () => new Map(stack.hub.partitionState(HUB).map((p) => [p.partition, p.lastSequenceNumber]))
    await until(() => isSettled(last(), checkpoints, outbox), 30_000)
    await host.stop()
    bodies = insights.requests.map(({ body }) => body.toString())
    envelopes = bodies.flatMap((body) =>
      body
        .trim()
        .split(/\n(?=\{)/)
        .flatMap((text) => JSON.parse(text) as Envelope | Envelope[]),
    )
  } finally {
    await stack.stop()
    await insights.stop()
    await rm(folder, { recursive: true })
  }
}, 90_000)

describe('Application Insights', () => {
  const values = (name: string, properties: Readonly<Record<string, string>> = {}): readonly number[] =>
    envelopes
      .map(({ data }) => data.baseData)
      .filter((data) => Object.entries(properties).every(([key, value]) => data.properties?.[key] === value))
      .flatMap((data) => data.metrics ?? [])
      .filter((metric) => metric.name === name)
      .map((metric) => metric.value)

  it('gets, before the process ends, every metric of a run that was told nowhere else', () => {
    expect(values('risk_export_records_total', { outcome: 'event' })).toEqual([44])
    expect(values('risk_export_records_total', { outcome: 'fault' })).toEqual([10])
    // The feed has an event in two partitions: the later copy is a duplicate, unless both are on their way at once.
    const [delivered = 0] = values('risk_export_events_total', { sink: 'webhook', outcome: 'delivered' })
    const duplicates = values('risk_export_events_total', { sink: 'webhook', outcome: 'duplicate' })
    expect([delivered, ...duplicates]).toEqual(duplicates.length === 0 ? [44] : [43, 1])
    for (const sink of ['webhook', 'log-analytics']) {
      expect(values('risk_export_enqueued_to_delivered_ms', { sink })).toHaveLength(1)
      expect(values('risk_export_updated_to_delivered_ms', { sink })).toHaveLength(1)
    }
  })

  it('gets nothing of a record', () => {
    expect(bodies.length).toBeGreaterThan(0)
    for (const content of ['servicePrincipalId', 'leakedCredentials', 'displayName'])
      expect(bodies.join('\n')).not.toContain(content)
  })
})
