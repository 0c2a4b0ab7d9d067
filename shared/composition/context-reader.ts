import type { AzureClients } from '../azure/azure-clients.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import type { Time } from '../domain/time.ts'
import { collectContext } from '../graph/context/collect-context.ts'
import { recordOfContext } from '../graph/context/context-record.ts'
import { PolicyCache } from '../graph/context/policy-cache.ts'
import { CONTEXT_TABLE, contextTable } from '../graph/context-requests/context-table.ts'
import { type ContextsRead, readContexts } from '../graph/context-requests/read-contexts.ts'
import { memo } from '../pipeline/memo.ts'
import { type GraphAccess, graphClientFor } from './graph-access.ts'
import { graphState } from './graph-state.ts'
import { sendRecords } from './send-records.ts'

/** Reads what was requested, and sends it to the hub; one process at a time. */
export interface ContextReader {
  /** @returns `busy` if another process calls Graph; `notDue` if nothing may be read now */
  run(signal: AbortSignal): Promise<ContextsRead | 'busy' | 'notDue'>
}

/** @param access default: the credential for all other services */
export function createContextReader(
  { graph }: Pick<AppSettings, 'graph'>,
  clients: AzureClients,
  time: Time,
  access: GraphAccess = { credential: () => clients.credential() },
): ContextReader {
  const table = memo(async () => contextTable(await clients.table(CONTEXT_TABLE)))
  const client = memo(() => graphClientFor(graph.endpoint, access, time))
  const policies = new PolicyCache()
  return {
    async run(signal) {
      const [requests, lease, asked] = await Promise.all([table(), graphState(clients, time), client()])
      let hub: Awaited<ReturnType<AzureClients['hub']>> | undefined
      try {
        return await readContexts(
          {
            table: requests,
            lease,
            collect: (subject, at, working) => collectContext(asked, subject, at, policies, working),
            send: async (subject, collected, at) => {
              hub ??= await clients.hub()
              await sendRecords(hub, [recordOfContext(subject, collected, at)])
            },
            perHour: graph.contextsPerHour,
            time,
          },
          signal,
        )
      } finally {
        await hub?.close()
      }
    },
  }
}
