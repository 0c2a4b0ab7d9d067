import type { ArchivedEvent, ExportedEvent } from '../../shared/domain/exported-event.ts'
import { parseEvent } from '../../shared/domain/flat-event.ts'

/** What a receiver must be able to read back from any format. */
export interface Facts {
  readonly id: string
  readonly factKey: string
  readonly kind: ExportedEvent['kind']
  readonly tenantId: string
  readonly identity?: {
    readonly type?: unknown
    readonly id?: unknown
    readonly displayName?: unknown
    readonly appId?: unknown
  }
  readonly risk?: {
    readonly level?: unknown
    readonly state?: unknown
    readonly detail?: unknown
    readonly eventType?: unknown
  }
  readonly activityAt?: unknown
  readonly detectedAt?: unknown
  readonly lastUpdatedAt: number
  readonly techniques?: unknown
  readonly ipAddress?: unknown
  readonly position: {
    readonly namespace: string
    readonly hub: string
    readonly partition: string
    readonly sequenceNumber: number
    readonly ordinal: number
  }
  readonly archive: { readonly blob: string; readonly line: number; readonly digest: string }
  /** What only the own events and records of a kind hold. */
  readonly content?: unknown
}

/** Members that are not undefined, at any depth. */
export const present = <T>(value: T): T => JSON.parse(JSON.stringify(value))

/** The facts of an event, by the model. */
export function factsOf({ event: flat, position, ordinal, digest, blob, line }: ArchivedEvent): Facts {
  const event = parseEvent(flat)
  const { kind, eventId, factKey, tenantId, lastUpdatedAt } = event
  const { namespace, hub, partition, sequenceNumber } = position
  const of = (names: readonly string[], from: unknown): object =>
    Object.fromEntries(names.map((name) => [name, (from as Record<string, unknown>)[name]]))
  const about =
    event.kind === 'heartbeat'
      ? {}
      : {
          identity: of(['type', 'id', 'displayName', 'appId'], event.identity),
          risk: of(['level', 'state', 'detail', 'eventType'], event.risk),
        }
  const detection =
    event.kind === 'riskDetection'
      ? {
          ...of(['activityAt', 'detectedAt', 'ipAddress'], event),
          techniques: event.attack?.techniques,
        }
      : {}
  return present({
    id: eventId,
    factKey,
    kind,
    tenantId,
    lastUpdatedAt,
    ...about,
    ...detection,
    position: { namespace, hub, partition, sequenceNumber, ordinal },
    archive: { blob, line, digest },
    content: contentOf(event),
  })
}

function contentOf(event: ExportedEvent): unknown {
  switch (event.kind) {
    case 'identityContext':
      return event.context
    case 'responseAction':
      return event.response
    case 'heartbeat':
      return event.health
    case 'riskDetection':
    case 'riskyIdentity':
      return Object.keys(event.extra).length === 0 ? undefined : event.extra
  }
}
