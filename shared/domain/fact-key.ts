import { canonicalJson } from '../encoding/canonical-json.ts'
import { sha256Hex } from '../encoding/digest.ts'
import type { IdentityType } from './category.ts'
import { type FactKey, factKey, ID_DIGITS, type Instant, type TenantId } from './identifiers.ts'

/** What identifies a fact, whichever way it reaches us. */
export interface FactParts {
  readonly tenantId: TenantId
  readonly kind: 'riskDetection' | 'riskyIdentity' | 'heartbeat'
  /** `null` for a fact about the exporter itself. */
  readonly identityType: IdentityType | null
  /** Id of the detection or the identity. */
  readonly id: string
  readonly lastUpdatedAt: Instant
  readonly riskState: string | undefined
}

/** Identifies a fact, equally from the stream and Graph. Version 1; other parts make version 2. */
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
