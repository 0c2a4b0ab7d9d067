import type { JsonObject } from '../encoding/json.ts'
import type { HEARTBEAT_CATEGORY } from './category.ts'
import type { EventId, FactKey, Instant, TenantId } from './identifiers.ts'
import type { LastUpdatedFrom, Origin } from './risk-event.ts'

/**
 * Sent regularly by the exporter, so that silence can be told from failure. It takes the same path
 * as every record: hub, archive, sinks.
 */
export interface Heartbeat {
  readonly kind: 'heartbeat'
  readonly eventId: EventId
  readonly factKey: FactKey
  readonly origin: Origin
  readonly category: typeof HEARTBEAT_CATEGORY
  readonly tenantId: TenantId
  /** When it was sent. */
  readonly lastUpdatedAt: Instant
  /** Set only if the heartbeat has no time. */
  readonly lastUpdatedFrom?: LastUpdatedFrom
  /** Version of the program that sent it. */
  readonly version?: string
  /** Counts since the last heartbeat, pending events, lag per partition. */
  readonly health: JsonObject
}
