import type { IdentityType } from '../../domain/category.ts'
import { slotOf } from '../../domain/event-fields.ts'
import type { ArchivedEvent } from '../../domain/exported-event.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import { effectiveAt } from '../../domain/latest.ts'
import type { RiskEvent } from '../../domain/risk-event.ts'
import { sha256Hex } from '../../encoding/digest.ts'

/** A risk event that calls for the context of its identity. */
export interface ContextRequest {
  readonly id: string
  readonly type: Exclude<IdentityType, 'user'>
  readonly tenantId: string
  readonly level?: string
  readonly state: string
  /** Credentials that the event names, at most `MAX_KEY_IDS`. */
  readonly keyIds: readonly string[]
  /** When the fact changed. */
  readonly at: Instant
}

type SubjectName = Pick<ContextRequest, 'tenantId' | 'id'> & { readonly type: IdentityType }

/** What is known of an identity: what its context was requested or read for. */
export interface KnownContext {
  readonly rank: number
  readonly keyIds: readonly string[]
  readonly at: Instant
}

const MAX_KEY_IDS = 20
const MAX_KNOWN_KEY_IDS = 100
/** Ids and values as Microsoft writes them; a record may say anything. */
const PLAIN = /^[\w-]{1,64}$/
/**
 * How long a context stays fresh at the same level: a shift works with it, the next day it is read
 * again if the risk has changed by then.
 */
const FRESH_MS = 24 * 3_600_000

const CONFIRMED = 'confirmedcompromised'
const AT_RISK: ReadonlySet<string> = new Set(['atrisk', CONFIRMED])
const LEVELS = ['low', 'medium', 'high']

/**
 * How severe it is. Confirmed is above every level; a level that is hidden or not known is below.
 */
export const rankOf = ({ level = '', state }: Pick<ContextRequest, 'level' | 'state'>): number =>
  state.toLowerCase() === CONFIRMED ? LEVELS.length + 1 : LEVELS.indexOf(level.toLowerCase()) + 1

const SLOTS = {
  origin: slotOf('origin'),
  tenantId: slotOf('tenantId'),
  type: slotOf('identity.type'),
  id: slotOf('identity.id'),
  level: slotOf('risk.level'),
  state: slotOf('risk.state'),
  keyIds: slotOf('keyIds'),
}

interface RiskFacts extends Pick<RiskEvent, 'lastUpdatedAt'> {
  readonly origin: string
  readonly tenantId: string
  readonly type: string
  readonly id: string
  readonly level: string | undefined
  readonly state: string
  readonly keyIds: () => readonly string[]
}

const isAtRisk = (state: string): boolean => AT_RISK.has(state.toLowerCase())

function requestOf(facts: RiskFacts, enqueuedAt: Instant): ContextRequest | undefined {
  const { origin, tenantId, type, id, level, state } = facts
  if (!isAtRisk(state) || (type !== 'servicePrincipal' && type !== 'agent')) return undefined
  if (origin !== 'stream' && origin !== 'graph') return undefined
  if (!PLAIN.test(id)) return undefined
  return {
    id,
    type,
    tenantId,
    ...(level === undefined || !PLAIN.test(level) ? {} : { level }),
    state,
    keyIds: [...new Set(facts.keyIds())]
      .filter((keyId) => PLAIN.test(keyId))
      .sort()
      .slice(0, MAX_KEY_IDS),
    at: instant(Math.max(0, effectiveAt(facts.lastUpdatedAt, enqueuedAt))),
  }
}

/**
 * The request of an event; `undefined` if its identity is not at risk or is a person, or if the
 * exporter or an operator has sent it.
 */
export function requestOfEvent(event: RiskEvent, enqueuedAt: Instant): ContextRequest | undefined {
  const { identity, risk, origin, tenantId, lastUpdatedAt } = event
  return requestOf(
    {
      lastUpdatedAt,
      origin,
      tenantId,
      type: identity.type,
      id: identity.id,
      level: risk.level,
      state: risk.state ?? '',
      keyIds: () => (event.kind === 'riskDetection' ? event.keyIds : []),
    },
    enqueuedAt,
  )
}

/** The same for an event as ingest has it: made for every event, it parses no JSON of most. */
export function requestOfArchived({ event, position }: ArchivedEvent): ContextRequest | undefined {
  const { kind, fields, lastUpdatedAt } = event
  if (kind !== 'riskDetection' && kind !== 'riskyIdentity') return undefined
  const state = fields.plain(SLOTS.state)
  if (!isAtRisk(state)) return undefined
  return requestOf(
    {
      lastUpdatedAt,
      origin: fields.plain(SLOTS.origin),
      tenantId: fields.plain(SLOTS.tenantId),
      type: fields.plain(SLOTS.type),
      id: fields.plain(SLOTS.id),
      level: fields.has(SLOTS.level) ? fields.plain(SLOTS.level) : undefined,
      state,
      keyIds: () => (fields.parse(SLOTS.keyIds) ?? []) as readonly string[],
    },
    position.enqueuedAt,
  )
}

/** The requests of identities that are at risk by the latest of these states. */
export function requestsOfStates(events: readonly RiskEvent[], now: Instant): readonly ContextRequest[] {
  const latest = new Map<string, RiskEvent>()
  for (const event of events) {
    if (event.kind !== 'riskyIdentity') continue
    const key = subjectKey({ ...event.identity, tenantId: event.tenantId })
    if (event.lastUpdatedAt >= (latest.get(key)?.lastUpdatedAt ?? 0)) latest.set(key, event)
  }
  return [...latest.values()].flatMap((event) => requestOfEvent(event, now) ?? [])
}

/** Identifies the identity; fit for a table key. */
export const subjectKey = ({ tenantId, type, id }: SubjectName): string =>
  sha256Hex(JSON.stringify([tenantId, type, id])).slice(0, 32)

/**
 * Whether the context should be read (again): the risk has risen, a credential is named that was
 * not before, or the risk has changed long after the context was read.
 */
export const isNews = (request: ContextRequest, known: KnownContext | undefined): boolean =>
  known === undefined ||
  rankOf(request) > known.rank ||
  request.keyIds.some((keyId) => !known.keyIds.includes(keyId)) ||
  request.at - known.at >= FRESH_MS

/** What is known after a request. */
export function knownAfter(request: ContextRequest, known: KnownContext | undefined): KnownContext {
  const isLater = known === undefined || request.at - known.at >= FRESH_MS
  const before = isLater ? undefined : known
  return {
    rank: Math.max(rankOf(request), before?.rank ?? 0),
    keyIds: [...new Set([...request.keyIds, ...(known?.keyIds ?? [])])].slice(0, MAX_KNOWN_KEY_IDS),
    at: instant(Math.max(request.at, known?.at ?? 0)),
  }
}
