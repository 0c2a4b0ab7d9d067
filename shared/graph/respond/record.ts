import { RESPONSE_CATEGORY } from '../../domain/category.ts'
import type { Instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import type { JsonObject } from '../../encoding/json.ts'
import type { Outcome } from './perform.ts'
import type { ResponseAction } from './response-action.ts'

/** The parts that all records of one run share. */
export interface ResponseHead {
  readonly tenantId: string
  /** Object id of the signed-in person; `undefined` if the token does not have it. */
  readonly actorId: string | undefined
  readonly reason: string
  readonly action: ResponseAction
}

function faultOf({ refusal }: Outcome): string | undefined {
  if (refusal === undefined) return undefined
  if (refusal.kind !== 'graph') return refusal.kind
  const { fault } = refusal
  return 'code' in fault ? `${fault.kind} ${fault.code}` : fault.kind
}

/** An action and its result, as a record for the hub. Contains no secret. */
export function recordOfOutcome(outcome: Outcome, head: ResponseHead, at: Instant): JsonObject {
  const { identity, risk, credential } = outcome.plan.subject
  const fault = faultOf(outcome)
  const { action, actorId, reason, tenantId } = head
  return {
    time: isoInstant(at),
    category: RESPONSE_CATEGORY,
    origin: 'operator',
    tenantId,
    properties: {
      actedDateTime: isoInstant(at),
      identityId: identity.id,
      identityType: identity.type,
      appId: identity.appId ?? null,
      displayName: identity.displayName ?? null,
      ...(risk === undefined ? {} : { riskLevel: risk.level, riskState: risk.state }),
      response: {
        action: action.name,
        result: fault === undefined ? 'done' : 'failed',
        ...(fault === undefined ? {} : { fault }),
        requestId: outcome.requestId ?? null,
        actorId: actorId ?? null,
        reason,
        accountEnabledBefore: identity.enabled ?? null,
        ...(credential === undefined
          ? {}
          : {
              credential: {
                keyId: credential.keyId,
                type: credential.type,
                on: credential.holder.set === 'applications' ? 'application' : 'servicePrincipal',
              },
              ...(action.name === 'remove-credential' ? { force: action.force } : {}),
            }),
      },
    },
  }
}
