import { gatherEvidence } from '../../once/gather-evidence.ts'
import type { Stores } from '../../once/stores.ts'
import { type Verdict, verify } from '../../verify/verify.ts'
import type { GeneratedRecords } from '../generated-records.ts'

/**
 * Neither receiver refuses an event for its content, and no run lasts for days, whatever its clocks
 * say: no event may be dead-lettered.
 */
const mayBeDeadLettered = (): boolean => false

/** Verifies a run from outside. */
export async function verifyProcesses(
  stack: Parameters<typeof gatherEvidence>[0],
  stores: Stores,
  made: GeneratedRecords,
): Promise<Verdict> {
  const evidence = await gatherEvidence(stack, stores, (body) => made.in(body))
  return verify({ ...evidence, sinks: evidence.sinks.map((sink) => ({ ...sink, mayBeDeadLettered })) })
}
