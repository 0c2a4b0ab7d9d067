import { canonicalJson } from './canonical-json.ts'
import { sha256Hex } from './digest.ts'
import { type EventId, eventId, type FactKey, type Instant } from './identifiers.ts'
import type { Json } from './json.ts'
import type { AdditionalInfo } from './risk-event.ts'
import { sorted, sortedTexts } from './sorted.ts'

/** What we know of a fact. Never fields we do not know, envelope fields or positions. */
export interface EventParts {
  readonly factKey: FactKey
  readonly level?: string | undefined
  readonly detail?: string | undefined
  readonly eventType?: string | undefined
  readonly source?: string | undefined
  readonly timingType?: string | undefined
  readonly activity?: string | undefined
  readonly activityAt?: Instant | undefined
  readonly detectedAt?: Instant | undefined
  readonly ipAddress?: string | undefined
  readonly location?: Json | undefined
  readonly displayName?: string | undefined
  readonly appId?: string | undefined
  readonly keyIds?: readonly string[]
  readonly additionalInfo?: readonly AdditionalInfo[]
}

const byKey = (a: AdditionalInfo, b: AdditionalInfo): boolean => a.key < b.key

/**
 * Which version of what we know of a fact: a redelivery has the same one, an enrichment another.
 * Version 1; changing the list of parts is version 2.
 */
export const eventIdOf = (parts: EventParts): EventId =>
  eventId(
    sha256Hex(
      canonicalJson([
        parts.factKey,
        parts.level ?? null,
        parts.detail ?? null,
        parts.eventType ?? null,
        parts.source ?? null,
        parts.timingType ?? null,
        parts.activity ?? null,
        parts.activityAt ?? null,
        parts.detectedAt ?? null,
        parts.ipAddress ?? null,
        parts.location ?? null,
        parts.displayName ?? null,
        parts.appId ?? null,
        sortedTexts(parts.keyIds ?? []),
        sorted(parts.additionalInfo ?? [], byKey).map(({ key, value }) => [key, value]),
      ]),
    ),
  )
