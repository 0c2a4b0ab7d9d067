import { TableClient } from '@azure/data-tables'
import { QueueClient } from '@azure/storage-queue'
import { type EventHubEmulator, startEventHubEmulator } from '../../local/emulators/event-hubs/emulator.ts'
import { type EmulatedGraph, startGraph } from '../../local/emulators/graph/graph.ts'
import { createLocalAuthority } from '../../local/emulators/tls/local-authority.ts'
import { azureClients } from '../../shared/composition/azure-clients.ts'
import { type ContextReader, createContextReader } from '../../shared/composition/context-reader.ts'
import { type ContextRequests, createContextRequests } from '../../shared/composition/context-requests.ts'
import { graphState } from '../../shared/composition/graph-state.ts'
import { createReconciler, type Reconciler } from '../../shared/composition/reconciler.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'
import type { Message } from '../../shared/domain/position.ts'
import type { JsonObject } from '../../shared/encoding/json.ts'
import { CONTEXT_QUEUE } from '../../shared/graph/context-requests/context-queue.ts'
import {
  CONTEXT_TABLE,
  type ContextTable,
  contextTable,
} from '../../shared/graph/context-requests/context-table.ts'
import type { StateBlob } from '../../shared/graph/state-blob.ts'
import { logTelemetry } from '../../shared/telemetry/log-telemetry.ts'
import { appSettings } from './app-settings.ts'
import { HUB, type IngestWorld, ingestWorld, messageAt, riskRecord } from './ingest-world.ts'
import { type StorageAccount, storageAccount } from './storage-account.ts'

const APP = 'the-app'
export const START = Date.UTC(2026, 2, 1, 9, 30)
/** The lease is renewed by the real clock. */
const RENEWAL_MS = 20_000

/** A clock that moves when somebody waits. */
export const contextTime = (startMs = START) => {
  let nowMs = startMs
  return {
    ...systemTime,
    now: () => nowMs,
    monotonicMs: () => nowMs,
    random: () => 0.5,
    limit: () => ({ signal: new AbortController().signal, end: () => undefined }),
    async sleep(ms: number, signal?: AbortSignal) {
      if (ms === RENEWAL_MS) return systemTime.sleep(ms, signal)
      nowMs += ms
    },
    advance(ms: number) {
      nowMs += ms
    },
  }
}

/** What a record says. */
export interface Said {
  readonly principal: string
  readonly level?: string
  readonly state?: string
  readonly keyIds?: readonly string[]
  readonly origin?: string
  readonly category?: string
  readonly tenantId?: string
  /** Seconds after the first event. */
  readonly second?: number
}

export const PERMISSIONS = [
  'Application.Read.All',
  'Directory.Read.All',
  'Policy.Read.All',
  'IdentityRiskyServicePrincipal.Read.All',
  'IdentityRiskyAgent.Read.All',
  'IdentityRiskEvent.Read.All',
]

let sequenceNumber = 0

/** A message as the stream brings it. */
export function saying(...all: readonly Said[]) {
  sequenceNumber += 1
  const records = all.map(({ principal, level = 'high', state = 'atRisk', second = 0, ...said }, i) => {
    const { properties, ...record } = JSON.parse(riskRecord(i, { principal, id: `d-${sequenceNumber}-${i}` }))
    const { keyIds, origin, category, tenantId } = said
    return {
      ...record,
      ...(origin === undefined ? {} : { origin }),
      ...(category === undefined ? {} : { category }),
      ...(tenantId === undefined ? {} : { tenantId }),
      properties: {
        ...properties,
        riskLevel: level,
        riskState: state,
        lastUpdatedDateTime: new Date(START - 600_000 + second * 1000).toISOString(),
        ...(keyIds === undefined ? {} : { keyIds }),
      },
    }
  })
  const laterMs = 1000 * Math.max(0, ...all.map(({ second = 0 }) => second))
  return messageAt(sequenceNumber, JSON.stringify({ records }), '0', START + laterMs)
}

/** A process of the app, with a memory of its own. */
export interface ContextProcess {
  readonly requests: ContextRequests
  readonly reader: ContextReader
  readonly reconciler: Reconciler
}

/** What is wrong for a process. */
export interface Wrong {
  /** It looks for its requests in a table that does not exist. */
  readonly table?: boolean
  /** It sends to a hub that does not exist. */
  readonly hub?: boolean
}

export interface ContextWorld {
  readonly ingest: IngestWorld
  readonly graph: EmulatedGraph
  readonly hub: EventHubEmulator
  readonly azurite: StorageAccount
  readonly time: ReturnType<typeof contextTime>
  readonly table: ContextTable
  readonly lease: StateBlob
  readonly queue: QueueClient
  /** Lines of telemetry that belongs to no invocation. */
  readonly lines: readonly string[]
  process(wrong?: Wrong): ContextProcess
  /** The process that ingests; may be replaced. */
  current: ContextProcess
  /** Ingests, and waits until what was requested is written. */
  say(...all: readonly Said[]): Promise<void>
  ingestMessages(messages: readonly Message[]): Promise<void>
  /** Waits until what was requested is written. */
  written(): Promise<void>
  /** The contexts on the hub since the last call. */
  contexts(): readonly JsonObject[]
  /** Takes all wake-ups off the queue. */
  wakeUps(): Promise<number>
  stop(): Promise<void>
}

export async function contextWorld(env: Readonly<Record<string, string>> = {}): Promise<ContextWorld> {
  const time = contextTime()
  const authority = await createLocalAuthority()
  const [azurite, hub, graph] = await Promise.all([
    storageAccount(),
    startEventHubEmulator({ hubs: [{ name: HUB, partitions: 1 }], nowMs: time.now }),
    startGraph({
      authority,
      principals: [{ id: APP, holds: (token) => token === APP, permissions: PERMISSIONS }],
      nowMs: time.now,
    }),
  ])
  const settings = readSettings({
    ...appSettings(azurite, 'https://siem.example/hook'),
    EVENT_HUB_NAME: HUB,
    EventHub: hub.connectionString(HUB),
    GRAPH_ENDPOINT: graph.url,
    RESOURCE_MANAGER_ENDPOINT: graph.url,
    GRAPH_CONTEXT: 'true',
    ...env,
  })
  const credential = { getToken: async () => ({ token: APP, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) }
  const access = { credential: async () => credential, caPem: authority.caPem }
  const real = azureClients(settings, async () => credential, systemTime)
  const { eventHub } = settings
  const nowhere = {
    ...eventHub,
    name: 'nowhere',
    connectionString: hub.connectionString(HUB).replaceAll(HUB, 'nowhere'),
  }
  const lines: string[] = []
  const writing = new Set<Promise<void>>()
  const inFlight = {
    begin() {
      let end = (): void => undefined
      const one = new Promise<void>((resolve) => {
        end = resolve
      })
      writing.add(one)
      return () => {
        writing.delete(one)
        end()
      }
    },
  }
  const telemetry = async () => logTelemetry((level, line) => lines.push(`${level} ${line}`))

  function process(wrong: Wrong = {}): ContextProcess {
    const clients = {
      ...real,
      ...(wrong.table ? { table: () => real.table('missing') } : {}),
      ...(wrong.hub
        ? azureClients({ ...settings, eventHub: nowhere }, async () => credential, systemTime)
        : {}),
    }
    const requests = createContextRequests({ settings, clients, time, inFlight, telemetry })
    return {
      requests,
      reader: createContextReader(settings, clients, time, access),
      reconciler: createReconciler(settings, clients, time, {
        access,
        onUnreadable: (blob) => {
          throw new Error(blob)
        },
        onStates: requests.ofStates,
      }),
    }
  }

  const { connectionString } = azurite
  const queue = new QueueClient(connectionString, CONTEXT_QUEUE)
  let read = 0
  const world: Omit<ContextWorld, 'ingest'> = {
    graph,
    hub,
    azurite,
    time,
    queue,
    lines,
    process,
    current: process(),
    lease: await graphState(real, systemTime),
    table: contextTable(
      TableClient.fromConnectionString(connectionString, CONTEXT_TABLE, { allowInsecureConnection: true }),
    ),
    say: (...all) => world.ingestMessages([saying(...all)]),
    async ingestMessages(messages) {
      await ingest.ingest(messages)
      await world.written()
    },
    async written() {
      while (writing.size > 0) await Promise.all(writing)
    },
    contexts() {
      const messages = [...hub.messages(HUB)].slice(read)
      read += messages.length
      return messages.flatMap(({ body }) => JSON.parse(String(body)).records)
    },
    async wakeUps() {
      for (let taken = 0; ; ) {
        const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 })
        if (receivedMessageItems.length === 0) return taken
        for (const { messageId, popReceipt } of receivedMessageItems)
          await queue.deleteMessage(messageId, popReceipt)
        taken += receivedMessageItems.length
      }
    },
    stop: () => Promise.all([azurite.stop(), hub.stop(), graph.stop()]).then(() => undefined),
  }
  const ingest = await ingestWorld({
    azurite,
    sinks: [],
    startMs: START,
    onSettled: (events) => world.current.requests.ofEvents(events),
  })
  return Object.assign(world, { ingest })
}
