import type { Json, JsonObject } from '../encoding/json.ts'
import type { IdentityType, RiskCategory } from './category.ts'
import type { EventId, FactKey, Instant, TenantId } from './identifiers.ts'

/** Who put the record on the hub, as the record itself says; not verified. */
export const ORIGINS = ['stream', 'graph', 'operator', 'exporter'] as const
export type Origin = (typeof ORIGINS)[number]

/** The identity at risk. */
export interface Identity {
  readonly type: IdentityType
  /** Object id in the directory; GUIDs in lower case with hyphens, no braces. */
  readonly id: string
  readonly displayName?: string
  readonly appId?: string
  /**
   * `servicePrincipalType`, or an agent's `identityType` (`agentIdentity`, `agentUser`,
   * `agentIdentityBlueprintPrincipal`), as sent.
   */
  readonly subtype?: string
  /** Agents: the blueprint that the agent was created from. */
  readonly blueprintId?: string
  readonly userPrincipalName?: string
  /** Whether sign-in is enabled, if the record says so. */
  readonly enabled?: boolean
  readonly deleted?: boolean
}

/**
 * Microsoft's own values, passed through unchanged, known to us or not. `hidden` means "your
 * licence does not show this": it is neither low nor none.
 */
export interface Risk {
  readonly level?: string
  readonly state?: string
  readonly detail?: string
  /** Detections only; an open set (`shared/domain/detections.ts` lists the documented ones). */
  readonly eventType?: string
}

/** One key and value of `additionalInfo`. */
export interface AdditionalInfo {
  readonly key: string
  readonly value: Json
}

/** MITRE ATT&CK techniques, from Microsoft (`wire`) or our catalogue. */
export interface Attack {
  readonly techniques: readonly string[]
  readonly origin: 'wire' | 'catalogue'
}

/** Our catalogue's notes on a detection type. */
export interface DetectionNote {
  readonly name: string
  readonly description: string
  readonly severity: 'informational' | 'low' | 'medium' | 'high'
  /** Investigation guides. */
  readonly links: readonly string[]
}

/** Fallback source of the last update of a record without any time: the enqueued time. */
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
  /** Set only if the record has no time at all. */
  readonly lastUpdatedFrom?: LastUpdatedFrom
  /** Set while Microsoft is still computing the values. */
  readonly processing?: boolean
  /** Unknown fields and unreadable values, verbatim; numbers beyond a double as strings. */
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
  /** Agents: ids of the sign-in, as in the sign-in logs. */
  readonly signInRequestId?: string
  readonly signInCorrelationId?: string
  /** Agents. */
  readonly clientSessionId?: string
  /** An IP address, without port and zone. */
  readonly ipAddress?: string
  /** As sent: an object (`city`, `state`, `countryOrRegion`, `geoCoordinates`) or a string. */
  readonly location?: Json
  /** Ids of the credentials concerned, lower-case, in the order sent. */
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
