import { HEARTBEAT_CATEGORY } from '../domain/category.ts'
import { heartbeatIdOf } from '../domain/event-id.ts'
import { factKeyOf } from '../domain/fact-key.ts'
import type { Heartbeat } from '../domain/heartbeat.ts'
import { isJsonObject } from '../encoding/json.ts'
import { TIMES_AROUND, toldOrEnqueued } from './last-update.ts'
import { present } from './present.ts'
import type { RecordParts } from './record-parts.ts'

/**
 * The exporter's sign of life, from `properties {sentAt, version, health, instanceId}`; without an
 * instance, its tenant stands for it.
 */
export function heartbeat(parts: RecordParts): Heartbeat {
  const { properties, around, tenantId, origin } = parts
  const sentAt = properties.time('sentAt') ?? around.firstTime(TIMES_AROUND)
  const { lastUpdatedAt, lastUpdatedFrom } = toldOrEnqueued(sentAt, parts)
  const health = properties.value('health')
  const factKey = factKeyOf({
    tenantId,
    kind: 'heartbeat',
    identityType: null,
    id: properties.text('instanceId') ?? tenantId,
    lastUpdatedAt,
    riskState: undefined,
  })
  const unnamed = present<Omit<Heartbeat, 'eventId'>>({
    kind: 'heartbeat',
    factKey,
    origin,
    category: HEARTBEAT_CATEGORY,
    tenantId,
    lastUpdatedAt,
    lastUpdatedFrom,
    version: properties.text('version'),
    health: isJsonObject(health) ? health : {},
  })
  return { ...unnamed, eventId: heartbeatIdOf(unnamed) }
}
