import type { ContainerClient } from '@azure/storage-blob'
import { blobsBetween } from '../archive/list-blobs.ts'
import { readBlob } from '../archive/reader.ts'
import type { AzureClients } from '../azure/azure-clients.ts'
import { type AppSettings, sourceOf } from '../config/parse-settings.ts'
import { isRiskEvent } from '../domain/exported-event.ts'
import { parseEvent } from '../domain/flat-event.ts'
import { type Instant, instant } from '../domain/identifiers.ts'
import type { RiskEvent } from '../domain/risk-event.ts'
import type { Time } from '../domain/time.ts'
import type { JsonObject } from '../encoding/json.ts'
import type { ArchivedFact } from '../graph/fact.ts'
import { type ReconcileScope, reconcile } from '../graph/reconcile.ts'
import type { ReconcileReport } from '../graph/reconcile-report.ts'
import { riskCollections } from '../graph/risk-collections.ts'
import { type StateBlob, stateBlob } from '../graph/state-blob.ts'
import { rereaderOf } from './assemble.ts'
import { type GraphAccess, graphClientFor } from './graph-access.ts'
import { sendMessages } from './send-messages.ts'

/** In the host storage account, where the app may create containers. */
const STATE_CONTAINER = 'risk-export'
const RECORDS_PER_MESSAGE = 50

/** What to compare, and how. */
export interface ReconcileRequest extends ReconcileScope {
  /**
   * Keeps the report out of heartbeats and status: facts from before the stream existed would count
   * as lost.
   */
  readonly isUnreported?: boolean
  /** Whether to send this many records; default: yes. */
  readonly maySend?: (records: number) => Promise<boolean>
  /** @param read number of facts read so far */
  readonly onRead?: (read: number) => void
}

/** The report of a run, and that of the run before. */
export interface ReconcileRun {
  readonly report: ReconcileReport
  readonly previous: ReconcileReport | undefined
}

/** Compares Graph with the archive; one process at a time. */
export interface Reconciler {
  /** @returns `busy` if another process is running it */
  run(request: ReconcileRequest, signal: AbortSignal): Promise<ReconcileRun | 'busy'>
  /** The report of the last run, if any. */
  lastReport(): Promise<ReconcileReport | undefined>
}

/** Archived risk events of these categories, by enqueued time. */
async function* archivedFrom(
  archive: ContainerClient,
  categories: ReadonlySet<string>,
  from: Instant,
  to: Instant,
): AsyncGenerator<ArchivedFact> {
  for await (const { name } of blobsBetween(archive, from, to)) {
    for await (const line of readBlob(archive, name)) {
      if (line.kind !== 'event' || !isRiskEvent(line.event)) continue
      if (!categories.has(line.event.category)) continue
      yield { event: line.event, origin: line.origin, enqueuedAt: line.position.enqueuedAt }
    }
  }
}

function* messagesOf(records: readonly JsonObject[]): Generator<Uint8Array> {
  for (let i = 0; i < records.length; i += RECORDS_PER_MESSAGE)
    yield Buffer.from(JSON.stringify({ records: records.slice(i, i + RECORDS_PER_MESSAGE) }))
}

/** @param access default: the credential for all other services */
export function createReconciler(
  settings: AppSettings,
  clients: AzureClients,
  time: Time,
  access: GraphAccess = { credential: () => clients.credential() },
): Reconciler {
  const { tenantId, graph } = settings
  const rereader = rereaderOf(sourceOf(settings))
  const state = async (): Promise<StateBlob> => stateBlob(await clients.hostContainer(STATE_CONTAINER), time)

  function readRecord(record: JsonObject): RiskEvent | undefined {
    const reading = rereader.rereadRecord(Buffer.from(JSON.stringify(record)), instant(time.now()))
    if (reading.status !== 'event') return undefined
    const event = parseEvent(reading.event)
    return isRiskEvent(event) ? event : undefined
  }

  async function send(records: readonly JsonObject[]): Promise<void> {
    const hub = await clients.hub()
    try {
      await sendMessages(hub, [...messagesOf(records)], () => undefined)
    } finally {
      await hub.close()
    }
  }

  return {
    lastReport: async () => (await (await state()).read()).report,
    async run({ maySend = async () => true, onRead, isUnreported = false, ...scope }, signal) {
      const [shared, archive, client] = await Promise.all([
        state(),
        clients.container('archive'),
        graphClientFor(graph.endpoint, access, time),
      ])
      return shared.withLease(async (before, save, working) => {
        const collections = riskCollections(graph.includeAgents)
        const categories = new Set<string>(collections.map(({ category }) => category))
        const deps = {
          collections,
          client,
          tenantId,
          readRecord,
          archivedFrom: (from: Instant) => archivedFrom(archive, categories, from, instant(time.now() + 1)),
          send: async (records: readonly JsonObject[]) => {
            if (!(await maySend(records.length))) return 'refrained' as const
            await send(records)
            return 'sent' as const
          },
          ...(onRead === undefined ? {} : { onRead }),
          time,
        }
        const { report, state: after } = await reconcile(scope, before, deps, working)
        await save({ ...after, report: isUnreported ? before.report : after.report })
        return { report, previous: before.report }
      }, signal)
    },
  }
}
