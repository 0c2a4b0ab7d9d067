import type { AzureClients } from '../azure/azure-clients.ts'
import { sendText } from '../azure/send-text.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import type { ArchivedEvent } from '../domain/exported-event.ts'
import { instant } from '../domain/identifiers.ts'
import type { RiskEvent } from '../domain/risk-event.ts'
import type { Time } from '../domain/time.ts'
import { CONTEXT_QUEUE } from '../graph/context-requests/context-queue.ts'
import {
  type ContextRequest,
  requestOfArchived,
  requestsOfStates,
} from '../graph/context-requests/context-request.ts'
import { contextRequester } from '../graph/context-requests/context-requester.ts'
import { CONTEXT_TABLE, contextTable } from '../graph/context-requests/context-table.ts'
import { isDue } from '../graph/context-requests/read-contexts.ts'
import { memo } from '../pipeline/memo.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { InFlight } from './in-flight.ts'

const WAKE_UP = 'A context was requested.'

/** Requests the contexts of identities at risk while events pass; another process reads them. */
export interface ContextRequests {
  /** Requests the contexts that events call for. Returns at once, and never throws. */
  readonly ofEvents: (events: readonly ArchivedEvent[]) => void
  /** The same for what Graph has now, for events that could not be requested for when they passed. */
  readonly ofStates: (events: readonly RiskEvent[]) => void
  /** Sends a wake-up if contexts wait that may be read now; never rejects. */
  readonly wakeUpIfDue: () => Promise<void>
}

export interface ContextRequestsDeps {
  readonly settings: Pick<AppSettings, 'tenantId' | 'graph'>
  readonly clients: Pick<AzureClients, 'table' | 'queue'>
  readonly time: Time
  readonly inFlight: Pick<InFlight, 'begin'>
  /** For what belongs to no invocation. */
  readonly telemetry: () => Promise<Telemetry>
}

export function createContextRequests({
  settings: { tenantId, graph },
  clients,
  time,
  inFlight,
  telemetry,
}: ContextRequestsDeps): ContextRequests {
  const table = memo(async () => contextTable(await clients.table(CONTEXT_TABLE)))

  async function wakeUp(): Promise<void> {
    try {
      await sendText(await clients.queue(CONTEXT_QUEUE), WAKE_UP, 0, time)
    } catch (cause) {
      await wakeUpLost(cause)
    }
  }

  const wakeUpLost = async (cause: unknown): Promise<void> =>
    (await telemetry()).problem('contextWakeUpLost', cause)

  const notRequested = async (identities: number, cause: unknown): Promise<void> =>
    (await telemetry()).contextsNotRequested(identities, cause)

  const requester = contextRequester({
    write: async (requests) => (await table()).add(requests, instant(time.now())),
    wakeUp,
    onNotWritten: (identities, cause) => void notRequested(identities, cause),
    onWriting: (writing) => void writing.finally(inFlight.begin()),
    time,
  })

  /** A defect must not fail what is archived and settled. */
  function request(from: number, requestsOf: () => readonly ContextRequest[]): void {
    try {
      // Graph has only our own tenant's identities.
      requester.request(requestsOf().filter((one) => one.tenantId === tenantId))
    } catch (defect) {
      void notRequested(from, defect)
    }
  }

  return {
    ofEvents: (events) =>
      request(events.length, () => events.flatMap((event) => requestOfArchived(event) ?? [])),
    ofStates: (events) => request(events.length, () => requestsOfStates(events, instant(time.now()))),
    async wakeUpIfDue() {
      try {
        const requests = await table()
        if (!(await requests.isAnyWaiting())) return
        if (isDue(await requests.state(), graph.contextsPerHour, time.now())) await wakeUp()
      } catch (cause) {
        await wakeUpLost(cause)
      }
    },
  }
}
