import { gatherEvidence } from '../../once/gather-evidence.ts'
import type { Stores } from '../../once/stores.ts'
import { type Verdict, verify } from '../../verify/verify.ts'
import type { MadeRecords } from '../made-records.ts'

/**
 * Nothing that is sent is refused for its own sake by any of the two receivers, and no run lasts
 * for days, whatever clocks say.
 */
const mayDie = (): boolean => false

/** Looks at everything from outside and verifies. */
export async function verifyProcesses(
  stack: Parameters<typeof gatherEvidence>[0],
  stores: Stores,
  made: MadeRecords,
): Promise<Verdict> {
  const evidence = await gatherEvidence(stack, stores, (body) => made.in(body))
  return verify({ ...evidence, sinks: evidence.sinks.map((sink) => ({ ...sink, mayDie })) })
}
