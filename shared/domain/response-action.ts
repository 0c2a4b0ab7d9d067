import type { JsonObject } from '../encoding/json.ts'
import type { RESPONSE_CATEGORY } from './category.ts'
import type { EventId, FactKey, Instant, TenantId } from './identifiers.ts'
import type { Identity, LastUpdatedFrom, Origin, Risk } from './risk-event.ts'

/**
 * What an operator did about an identity. It takes the same path as every record: hub, archive,
 * sinks.
 */
export interface ResponseAction {
  readonly kind: 'responseAction'
  readonly eventId: EventId
  readonly factKey: FactKey
  readonly origin: Origin
  readonly category: typeof RESPONSE_CATEGORY
  readonly tenantId: TenantId
  readonly identity: Identity
  /** The level and state before the action. */
  readonly risk: Risk
  /** When Graph answered. */
  readonly lastUpdatedAt: Instant
  /** Set only if the record has no time. */
  readonly lastUpdatedFrom?: LastUpdatedFrom
  /** Action, result, reason, object id of the actor, request id. */
  readonly response: JsonObject
}
