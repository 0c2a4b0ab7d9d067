import type { CategoryMeaning } from '../domain/category.ts'
import { eventIdOf } from '../domain/event-id.ts'
import { factKeyOf } from '../domain/fact-key.ts'
import type { Fault } from '../domain/fault.ts'
import type { RiskyIdentity } from '../domain/risk-event.ts'
import { identityOf, riskOf } from './identity.ts'
import { lastUpdate } from './last-update.ts'
import { present } from './present.ts'
import { extraOf, faultOf, type RecordParts } from './record-parts.ts'

/** A record of one of the risky-identity categories, as a risk event. */
export function riskyIdentity(meaning: CategoryMeaning, parts: RecordParts): RiskyIdentity | Fault {
  const { properties, tenantId, origin } = parts
  const identity = identityOf(meaning, properties)
  const risk = riskOf(meaning, properties)
  const lastUpdatedAt = lastUpdate(meaning, parts)
  const processing = properties.boolean('isProcessing')
  const fault = faultOf(parts)
  if (fault !== undefined) return fault
  const factKey = factKeyOf({
    tenantId,
    kind: 'riskyIdentity',
    identityType: identity.type,
    id: identity.id,
    lastUpdatedAt,
    riskState: risk.state,
  })
  const { displayName, appId } = identity
  return present<RiskyIdentity>({
    kind: 'riskyIdentity',
    eventId: eventIdOf({ factKey, level: risk.level, detail: risk.detail, displayName, appId }),
    factKey,
    origin,
    category: meaning.category,
    tenantId,
    identity,
    risk,
    lastUpdatedAt,
    processing,
    extra: extraOf(parts),
  })
}
