import { canonicalJson } from '../encoding/canonical-json.ts'
import { sha256Hex } from '../encoding/digest.ts'
import type { IdentityType } from './category.ts'
import { type FactKey, factKey, ID_DIGITS, type Instant, type TenantId } from './identifiers.ts'

/** What makes a fact the fact it is, by whichever way it reaches us. */
export interface FactParts {
  readonly tenantId: TenantId
  readonly kind: 'riskDetection' | 'riskyIdentity' | 'heartbeat'
  /** `null` for a fact about the exporter itself. */
  readonly identityType: IdentityType | null
  /** The detection's id, or the identity's. */
  readonly id: string
  readonly lastUpdatedAt: Instant
  readonly riskState: string | undefined
}

/**
 * Which fact this is: the same by the stream and by Graph. Version 1; changing the list of parts is
 * version 2.
 */
export const factKeyOf = (parts: FactParts): FactKey =>
  factKey(
    sha256Hex(
      canonicalJson([
        parts.tenantId,
        parts.kind,
        parts.identityType,
        parts.id,
        parts.lastUpdatedAt,
        parts.riskState ?? null,
      ]),
    ).slice(0, ID_DIGITS),
  )
