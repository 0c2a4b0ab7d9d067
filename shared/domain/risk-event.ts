import type { Json, JsonObject } from '../encoding/json.ts'
import type { IdentityType, RiskCategory } from './category.ts'
import type { EventId, FactKey, Instant, TenantId } from './identifiers.ts'

/** Who put the record on the hub, as its sender states it. */
export const ORIGINS = ['stream', 'graph', 'operator', 'exporter'] as const
export type Origin = (typeof ORIGINS)[number]

/** Whom the risk is about. */
export interface Identity {
  readonly type: IdentityType
  /** Object id in the directory; a GUID in lower case, with hyphens and nothing else. */
  readonly id: string
  readonly displayName?: string
  readonly appId?: string
  /** `servicePrincipalType` or an agent's `identityType`, as sent. */
  readonly subtype?: string
  readonly userPrincipalName?: string
  /** Whether sign-in is enabled, where the record says so. */
  readonly enabled?: boolean
  readonly deleted?: boolean
}

/**
 * Values are Microsoft's own and pass through as they are, known to us or not.
 * `hidden` means "your licence does not show this": it is neither low nor none.
 */
export interface Risk {
  readonly level?: string
  readonly state?: string
  readonly detail?: string
  /** Detections only; an open set (`shared/domain/detections.ts` knows the documented ones). */
  readonly eventType?: string
}

/** One key and value of `additionalInfo`. */
export interface AdditionalInfo {
  readonly key: string
  readonly value: Json
}

/** MITRE ATT&CK techniques, and whether Microsoft sent them or our catalogue supplied them. */
export interface Attack {
  readonly techniques: readonly string[]
  readonly origin: 'wire' | 'catalogue'
}

/** What our catalogue says of a detection type. */
export interface DetectionNote {
  readonly name: string
  readonly description: string
  readonly severity: 'informational' | 'low' | 'medium' | 'high'
  /** Pages that tell how to investigate. */
  readonly links: readonly string[]
}

/**
 * Where a last update was taken from that no field of the record tells: the time at which the hub
 * took the message.
 */
export type LastUpdatedFrom = 'enqueuedTime'

interface RiskEventBase {
  readonly eventId: EventId
  readonly factKey: FactKey
  readonly origin: Origin
  readonly category: RiskCategory
  readonly tenantId: TenantId
  readonly identity: Identity
  readonly risk: Risk
  readonly lastUpdatedAt: Instant
  /** Only where the record has no time at all. */
  readonly lastUpdatedFrom?: LastUpdatedFrom
  /** Set while Microsoft is still computing the values. */
  readonly processing?: boolean
  /**
   * Fields that we do not know, and those whose value we cannot read, verbatim; but a number that
   * no double holds is a text of its digits.
   */
  readonly extra: JsonObject
}

/** "Leaked credentials were found for this service principal." */
export interface RiskDetection extends RiskEventBase {
  readonly kind: 'riskDetection'
  readonly detectionId: string
  readonly activityAt?: Instant
  readonly detectedAt?: Instant
  readonly source?: string
  readonly timingType?: string
  readonly activity?: string
  readonly tokenIssuerType?: string
  readonly requestId?: string
  readonly correlationId?: string
  /** An IP address, without port and zone. */
  readonly ipAddress?: string
  /** As sent: `city`, `state`, `countryOrRegion`, `geoCoordinates`, or a text. */
  readonly location?: Json
  /** Credentials that the detection is about; lower-case, in the order sent. */
  readonly keyIds: readonly string[]
  readonly additionalInfo: readonly AdditionalInfo[]
  /** Microsoft's short explanation (agents). */
  readonly evidence?: string
  readonly attack?: Attack
  readonly detection?: DetectionNote
}

/** "This service principal is now atRisk, dismissed, confirmedCompromised." */
export interface RiskyIdentity extends RiskEventBase {
  readonly kind: 'riskyIdentity'
}

/** A normalised record. */
export type RiskEvent = RiskDetection | RiskyIdentity
