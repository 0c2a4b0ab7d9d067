import type { ArchiveContainer } from '../archive/archive-container.ts'
import { blobsBetween } from '../archive/list-blobs.ts'
import type { AzureClients } from '../azure/azure-clients.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import { isRiskEvent } from '../domain/exported-event.ts'
import { type Instant, instant } from '../domain/identifiers.ts'
import type { RiskEvent } from '../domain/risk-event.ts'
import type { Time } from '../domain/time.ts'
import type { JsonObject } from '../encoding/json.ts'
import type { ArchivedFact } from '../graph/fact.ts'
import { type ReconcileScope, reconcile } from '../graph/reconcile.ts'
import type { ReconcileReport } from '../graph/reconcile-report.ts'
import { riskCollections } from '../graph/risk-collections.ts'
import { type OnUnreadable, type ReadBlob, readableLines } from '../operations/readable-lines.ts'
import { type GraphAccess, graphClientFor } from './graph-access.ts'
import { graphState } from './graph-state.ts'
import { recordReader } from './record-reader.ts'
import { sendRecords } from './send-records.ts'
import { tenantSetting } from './tenant-setting.ts'

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
  archive: ArchiveContainer,
  categories: ReadonlySet<string>,
  from: Instant,
  to: Instant,
  readBlob: ReadBlob,
): AsyncGenerator<ArchivedFact> {
  for await (const { name } of blobsBetween(archive, from, to)) {
    for await (const line of readBlob(archive, name)) {
      if (line.kind !== 'event' || !isRiskEvent(line.event)) continue
      if (!categories.has(line.event.category)) continue
      yield { event: line.event, origin: line.origin, enqueuedAt: line.position.enqueuedAt }
    }
  }
}

export interface ReconcilerOptions {
  /** Default: the credential for all other services. */
  readonly access?: GraphAccess | undefined
  /** Called for an archive blob that is left out: its facts count as missing. */
  readonly onUnreadable: OnUnreadable
  /** Called with what Graph has of the time compared. */
  readonly onStates?: (events: readonly RiskEvent[]) => void
}

export function createReconciler(
  settings: AppSettings,
  clients: AzureClients,
  time: Time,
  { access = { credential: () => clients.credential() }, onUnreadable, onStates }: ReconcilerOptions,
): Reconciler {
  const { tenantId, graph } = settings
  const readRecord = recordReader(settings, time)
  const state = () => graphState(clients, time)

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
          archivedFrom: (from: Instant) =>
            archivedFrom(archive, categories, from, instant(time.now() + 1), readableLines(onUnreadable)),
          send: async (records: readonly JsonObject[]) => {
            if (!(await maySend(records.length))) return 'refrained' as const
            const hub = await clients.hub()
            try {
              await sendRecords(hub, records)
            } finally {
              await hub.close()
            }
            return 'sent' as const
          },
          ...(onRead === undefined ? {} : { onRead }),
          time,
        }
        const { report: compared, state: after, events } = await reconcile(scope, before, deps, working)
        onStates?.(events)
        if (isUnreported) {
          await save({ ...after, report: before.report })
          return { report: compared, previous: before.report }
        }
        const report = {
          ...compared,
          diagnosticSetting: await tenantSetting(settings, clients, access, time, working),
        }
        await save({ ...after, report })
        return { report, previous: before.report }
      }, signal)
    },
  }
}
