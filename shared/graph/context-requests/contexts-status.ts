import type { Instant } from '../../domain/identifiers.ts'
import { subjectKey } from './context-request.ts'
import type { ContextState, ContextTable } from './context-table.ts'

/** How reading contexts goes. */
export interface ContextsStatus extends Pick<ContextState, 'lastReadAt' | 'notBefore' | 'lacking'> {
  /** Identities whose context is still to be read. */
  readonly waiting: number
  readonly oldestAskedAt?: Instant
}

export async function contextsStatus(
  table: Pick<ContextTable, 'waiting' | 'state'>,
): Promise<ContextsStatus> {
  const [{ lastReadAt, notBefore, lacking }, waiting] = await Promise.all([table.state(), table.waiting()])
  const oldestAskedAt = waiting.map(({ askedAt }) => askedAt).sort((a, b) => a - b)[0]
  return {
    waiting: new Set(waiting.map(({ request }) => subjectKey(request))).size,
    ...(oldestAskedAt === undefined ? {} : { oldestAskedAt }),
    ...(lastReadAt === undefined ? {} : { lastReadAt }),
    ...(notBefore === undefined ? {} : { notBefore }),
    lacking,
  }
}
