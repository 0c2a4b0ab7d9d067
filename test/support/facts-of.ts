import type { ArchivedEvent, ExportedEvent } from '../../shared/domain/exported-event.ts'
import { parseEvent } from '../../shared/domain/flat-event.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'

const isoOf = (at: Parameters<typeof isoInstant>[0] | undefined): string | undefined =>
  at === undefined ? undefined : isoInstant(at)

/** The facts that must be readable from every format, as the model has them. */
export interface Facts {
  readonly eventId: string
  readonly factKey: string
  readonly kind: ExportedEvent['kind']
  readonly tenantId: string
  readonly identityType: string | undefined
  readonly identityId: string | undefined
  readonly displayName: string | undefined
  readonly appId: string | undefined
  readonly level: string | undefined
  readonly state: string | undefined
  readonly detail: string | undefined
  readonly eventType: string | undefined
  readonly activityAt: string | undefined
  readonly detectedAt: string | undefined
  readonly lastUpdatedAt: string
  readonly techniques: readonly string[] | undefined
  readonly ipAddress: string | undefined
  readonly namespace: string
  readonly hub: string
  readonly partition: string
  readonly sequenceNumber: number
  readonly enqueuedAt: string
  readonly ordinal: number
  readonly blob: string
  readonly line: number
  readonly digest: string
}

export function factsOf({ event: flat, position, ordinal, blob, line, digest }: ArchivedEvent): Facts {
  const event = parseEvent(flat)
  const identity = 'identity' in event ? event.identity : undefined
  const risk = 'risk' in event ? event.risk : undefined
  const detection = event.kind === 'riskDetection' ? event : undefined
  return {
    eventId: event.eventId,
    factKey: event.factKey,
    kind: event.kind,
    tenantId: event.tenantId,
    identityType: identity?.type,
    identityId: identity?.id,
    displayName: identity?.displayName,
    appId: identity?.appId,
    level: risk?.level,
    state: risk?.state,
    detail: risk?.detail,
    eventType: risk?.eventType,
    activityAt: isoOf(detection?.activityAt),
    detectedAt: isoOf(detection?.detectedAt),
    lastUpdatedAt: isoInstant(event.lastUpdatedAt),
    techniques: detection?.attack?.techniques,
    ipAddress: detection?.ipAddress,
    namespace: position.namespace,
    hub: position.hub,
    partition: position.partition,
    sequenceNumber: position.sequenceNumber,
    enqueuedAt: isoInstant(position.enqueuedAt),
    ordinal,
    blob,
    line,
    digest,
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what came back from a wire, of any form.
type Wire = any

/** The same facts from the program's own JSON, which other formats embed. */
export const factsOfJson = (json: Wire): Facts => ({
  eventId: json.eventId,
  factKey: json.factKey,
  kind: json.kind,
  tenantId: json.tenantId,
  identityType: json.identity?.type,
  identityId: json.identity?.id,
  displayName: json.identity?.displayName,
  appId: json.identity?.appId,
  level: json.risk?.level,
  state: json.risk?.state,
  detail: json.risk?.detail,
  eventType: json.risk?.eventType,
  activityAt: json.activityAt,
  detectedAt: json.detectedAt,
  lastUpdatedAt: json.lastUpdatedAt,
  techniques: json.attack?.techniques,
  ipAddress: json.ipAddress,
  namespace: json.position.namespace,
  hub: json.position.hub,
  partition: json.position.partition,
  sequenceNumber: json.position.sequenceNumber,
  enqueuedAt: json.position.enqueuedAt,
  ordinal: json.position.ordinal,
  blob: json.archive.blob,
  line: json.archive.line,
  digest: json.archive.digest,
})
