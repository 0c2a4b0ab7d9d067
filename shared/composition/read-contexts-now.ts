import type { Time } from '../domain/time.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { ContextReader } from './context-reader.ts'

/** Ends a run that meets a slow Graph. */
const TIMEOUT_MS = 120_000

/**
 * Reads the contexts that wait, and reports the result to telemetry. Never rejects: the requests
 * wait on their own, and a message that came again would help nobody.
 */
export async function readContextsNow(
  reader: () => Promise<ContextReader>,
  telemetry: Telemetry,
  time: Pick<Time, 'limit'>,
): Promise<void> {
  const limit = time.limit(TIMEOUT_MS)
  try {
    const run = await (await reader()).run(limit.signal)
    // Whoever holds the lease, or the next sweep, goes on.
    if (run === 'busy' || run === 'notDue') return
    telemetry.contextsRead(run)
    for (const what of run.newlyLacking)
      telemetry.graphUnread('the context of identities', `It needs ${what} (docs/graph.md).`)
  } catch (error) {
    telemetry.problem('contextsNotRead', error)
  } finally {
    limit.end()
  }
}
