import { CONTEXT_CATEGORY } from '../../domain/category.ts'
import type { Instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import type { JsonObject } from '../../encoding/json.ts'
import type { CollectedContext, ContextSubject } from './collect-context.ts'
import { present } from './principal.ts'

/** A context, as a record for the hub. Contains no secret and no name of a person. */
export function recordOfContext(
  subject: ContextSubject,
  { identity, sections }: CollectedContext,
  at: Instant,
): JsonObject {
  return {
    time: isoInstant(at),
    category: CONTEXT_CATEGORY,
    origin: 'exporter',
    tenantId: subject.tenantId,
    properties: present<JsonObject>({
      collectedDateTime: isoInstant(at),
      identityId: subject.id,
      identityType: subject.type,
      displayName: identity.displayName,
      appId: identity.appId,
      subtype: identity.subtype,
      accountEnabled: identity.enabled,
      riskLevel: subject.level,
      riskState: subject.state,
      context: sections as unknown as JsonObject,
    }),
  }
}
