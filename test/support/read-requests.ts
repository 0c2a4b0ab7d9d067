import { type Instant, instant } from '../../shared/domain/identifiers.ts'
import type { ContextSections } from '../../shared/domain/identity-context.ts'
import type { CollectedContext, ContextSubject } from '../../shared/graph/context/collect-context.ts'
import type { ContextRequest } from '../../shared/graph/context-requests/context-request.ts'
import { type ContextsRead, readContexts } from '../../shared/graph/context-requests/read-contexts.ts'
import type { ContextWorld } from './context-world.ts'

/** Requests that a context takes. */
const REQUESTS = 10
/** Graph allows one request a second; the client leaves some room. */
const REQUEST_MS = 1100

const NOT_READ = { unknown: 'not read' }
const SECTIONS: ContextSections = {
  principal: { presence: 'notFound' },
  owners: NOT_READ,
  credentials: NOT_READ,
  federatedCredentials: NOT_READ,
  permissions: NOT_READ,
  directoryRoles: NOT_READ,
  riskHistory: NOT_READ,
  conditionalAccess: { coverage: 'unknown', policies: [] },
}

/** What was read, and when. */
export interface ReadSubject {
  readonly subject: ContextSubject
  readonly at: Instant
}

export interface RequestReader {
  readonly read: readonly ReadSubject[]
  run(): Promise<ContextsRead | 'busy' | 'notDue'>
}

/**
 * Reads the requests of a world from a Graph that answers one request every 1.1 seconds; nothing is
 * sent.
 * @param answer what Graph has; `unavailable`, or a throw, where it does not answer
 */
export function requestReader(
  { table, lease, time }: Pick<ContextWorld, 'table' | 'lease' | 'time'>,
  perHour: number,
  answer: (subject: ContextSubject) => Partial<ContextSections> | 'unavailable' = () => ({}),
): RequestReader {
  const read: ReadSubject[] = []
  const collect = async (subject: ContextSubject, at: Instant): Promise<CollectedContext | 'unavailable'> => {
    time.advance(REQUESTS * REQUEST_MS)
    const answered = answer(subject)
    if (answered === 'unavailable') return answered
    read.push({ subject, at })
    return { identity: {}, sections: { ...SECTIONS, ...answered } }
  }
  return {
    read,
    run: () =>
      readContexts(
        { table, lease, collect, send: async () => undefined, perHour, time },
        new AbortController().signal,
      ),
  }
}

/** The request of an identity. */
export const requestOf = (n: number, given: Partial<ContextRequest> = {}): ContextRequest => ({
  id: `0e000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  type: 'servicePrincipal',
  tenantId: '11111111-2222-4333-8444-555555555555',
  level: 'high',
  state: 'atRisk',
  keyIds: [],
  at: instant(0),
  ...given,
})
