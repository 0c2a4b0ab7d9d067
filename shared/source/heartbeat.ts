import { HEARTBEAT_CATEGORY } from '../domain/category.ts'
import { eventIdOf } from '../domain/event-id.ts'
import { factKeyOf } from '../domain/fact-key.ts'
import type { Fault } from '../domain/fault.ts'
import type { Heartbeat } from '../domain/heartbeat.ts'
import { instant } from '../domain/identifiers.ts'
import { isJsonObject } from '../domain/json.ts'
import { faultOf, type RecordParts } from './record-parts.ts'

/** The exporter's sign of life, from `properties {sentAt, version, health, instanceId}`; without an instance, its tenant stands for it. */
export function heartbeat(parts: RecordParts): Heartbeat | Fault {
  const { properties, around, tenantId, origin } = parts
  const sentAt = properties.time('sentAt') ?? around.time('time')
  if (sentAt === undefined) properties.missing('sentAt')
  const version = properties.requiredText(['version'])
  const health = properties.value('health') ?? {}
  if (!isJsonObject(health)) properties.invalid('health', 'is not an object')
  const instanceId = properties.keyText('instanceId')
  const fault = faultOf(parts)
  if (fault !== undefined) return fault
  const lastUpdatedAt = sentAt ?? instant(0)
  const factKey = factKeyOf({
    tenantId,
    kind: 'heartbeat',
    identityType: null,
    id: instanceId ?? tenantId,
    lastUpdatedAt,
    riskState: undefined,
  })
  return {
    kind: 'heartbeat',
    eventId: eventIdOf({ factKey }),
    factKey,
    origin,
    category: HEARTBEAT_CATEGORY,
    tenantId,
    lastUpdatedAt,
    version,
    health: isJsonObject(health) ? health : {},
  }
}
