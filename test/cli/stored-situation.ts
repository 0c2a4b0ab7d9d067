import type { Environment } from '../../shared/config/setting-problems.ts'
import { recordFault, sinkFault } from '../../shared/domain/fault.ts'
import {
  envelope,
  HUB,
  type IngestWorld,
  ingestWorld,
  messageAt,
  riskRecord,
} from '../support/ingest-world.ts'
import { type ScriptedSink, scriptedSink } from '../support/scripted-sink.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'

const TENANT = '11111111-2222-4333-8444-555555555555'

/** App settings on local storage, without any secret of a sink: the commands need none. */
export const settingsFor = (azurite: Pick<StorageAccount, 'connectionString'>, hub: string): Environment => ({
  ENTRA_TENANT_ID: TENANT,
  EVENT_HUB_NAME: HUB,
  EventHub: hub,
  AzureWebJobsStorage: azurite.connectionString,
  ARCHIVE_CONNECTION_STRING: azurite.connectionString,
  LOGS_INGESTION_ENDPOINT: 'https://ingestion.example',
  LOGS_INGESTION_RULE_ID: `dcr-${'0'.repeat(32)}`,
  WEBHOOK_URL: 'https://siem.example/hook',
})

/** No command but `doctor`, `status` and `send` asks the hub. */
export const NO_HUB = 'Endpoint=sb://nowhere.invalid/;SharedAccessKeyName=n;SharedAccessKey=k'

export const START = Date.UTC(2026, 2, 1, 10)

/**
 * A small situation on real storage: one sink that takes everything, one that refuses a record and then
 * goes down.
 */
export interface Situation {
  readonly azurite: StorageAccount
  readonly world: IngestWorld
  readonly logs: ScriptedSink
  readonly siem: ScriptedSink
  readonly env: Environment
  /** Lets the webhook answer again. */
  mend(): void
}

const refused = recordFault('payloadRefused', 'The receiver refused this event. Check its size limit.', {
  status: 422,
})
const locked = sinkFault('unauthorized', 'The receiver does not know our token. Check WEBHOOK_TOKEN.', {
  status: 401,
})

export async function situation(): Promise<Situation> {
  const azurite = await storageAccount()
  const state = { down: false, refuses: '' }
  const logs = scriptedSink({ name: 'log-analytics' })
  const siem = scriptedSink({
    name: 'webhook',
    answer: (ids) => {
      if (state.down) return { status: 'failed', fault: locked }
      return ids.includes(state.refuses) ? { status: 'failed', fault: refused } : undefined
    },
  })
  const world = await ingestWorld({ azurite, sinks: [logs, siem], startMs: START })

  const first = messageAt(1, envelope(riskRecord(1), riskRecord(2), '{"category":"RiskyAgents"}'))
  const read = world.rereader.readMessage(first)
  const second = read.status === 'split' ? read.records[1]?.reading : undefined
  state.refuses = second?.status === 'event' ? second.event.eventId : ''
  await world.ingest([first])
  world.time.advance(1000)
  await world.ingest([messageAt(2, 'not JSON'), messageAt(3, '{"records":[{"category":"SignInLogs"}]}')])
  world.time.advance(1000)
  state.down = true
  state.refuses = ''
  await world.ingest([
    messageAt(4, envelope(riskRecord(4, { principal: 'bbbbbbbb-0000-4000-8000-000000000001' })), '1'),
  ])
  world.time.advance(60_000)
  return {
    azurite,
    world,
    logs,
    siem,
    env: settingsFor(azurite, NO_HUB),
    mend: () => {
      state.down = false
    },
  }
}
