import type { JsonObject } from '../encoding/json.ts'
import type { HEARTBEAT_CATEGORY } from './category.ts'
import type { EventId, FactKey, Instant, TenantId } from './identifiers.ts'
import type { LastUpdatedFrom, Origin } from './risk-event.ts'

/**
 * A sign of life of the exporter itself, so that silence can be told from death.
 * It travels the road of every record: hub, archive, sinks.
 */
export interface Heartbeat {
  readonly kind: 'heartbeat'
  readonly eventId: EventId
  readonly factKey: FactKey
  readonly origin: Origin
  readonly category: typeof HEARTBEAT_CATEGORY
  readonly tenantId: TenantId
  /** When it was sent: a heartbeat's own time. */
  readonly lastUpdatedAt: Instant
  /** Only where it names no time. */
  readonly lastUpdatedFrom?: LastUpdatedFrom
  /** Of the program that sent it. */
  readonly version?: string
  /** Counts since the last heartbeat, what is pending, lag per partition. */
  readonly health: JsonObject
}
