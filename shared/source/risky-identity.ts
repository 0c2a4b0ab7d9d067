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
  const fault = faultOf(parts)
  if (fault !== undefined) return fault
  const risk = riskOf(meaning, properties)
  const { lastUpdatedAt, lastUpdatedFrom } = lastUpdate(meaning, parts)
  const processing = properties.boolean('isProcessing')
  const factKey = factKeyOf({
    tenantId,
    kind: 'riskyIdentity',
    identityType: identity.type,
    id: identity.id,
    lastUpdatedAt,
    riskState: risk.state,
  })
  const unnamed = present<Omit<RiskyIdentity, 'eventId'>>({
    kind: 'riskyIdentity',
    factKey,
    origin,
    category: meaning.category,
    tenantId,
    identity,
    risk,
    lastUpdatedAt,
    lastUpdatedFrom,
    processing,
    extra: extraOf(parts),
  })
  return { ...unnamed, eventId: eventIdOf(unnamed) }
}
