import type { IdentityType } from '../../shared/domain/category.ts'
import type { ExportedEvent } from '../../shared/domain/exported-event.ts'
import type { Fault } from '../../shared/domain/fault.ts'
import type { RecordTally } from '../../shared/domain/tally.ts'
import type { Behaviour } from '../stack/behaviours.ts'
import type { RiskLevel } from './risk-level.ts'
import type { SinkFigures } from './sink-figures.ts'

/** How many of each the page shows; the rest is counted. */
export const SHOWN = {
  identities: 12,
  detectionTypes: 24,
  newest: 20,
  faulty: 20,
  textCharacters: 8_000,
} as const

/** A sink's events by outcome, and what its receiver holds. */
export interface SinkState extends SinkFigures {
  /** `log-analytics`, `webhook`, or a name of WEBHOOKS. */
  readonly name: string
  /** `down`: takes nothing, or was switched so; `catchingUp`: taking what is pending. */
  readonly state: 'up' | 'catchingUp' | 'down'
  /** Why its settings cannot be used, if they cannot: then it is down. */
  readonly problem?: string
  /**
   * How the emulated receiver was told to behave. Absent: the operator's own receiver, known only
   * by receipts.
   */
  readonly behaviour?: Behaviour
  /** From the message's enqueued time to the receiver. */
  readonly latencyMs?: { readonly p50: number; readonly p99: number }
}

/** The latest known state of one identity. */
export interface IdentityState {
  readonly identityType: IdentityType
  readonly id: string
  readonly displayName?: string
  readonly riskLevel?: string
  readonly riskState?: string
  readonly enabled?: boolean
  /** Milliseconds since the epoch, like all times here. */
  readonly lastUpdatedAt: number
  /** Entra's own state of the identity or, without one, its latest detection. */
  readonly source: 'riskyIdentity' | 'riskDetection'
}

/** Detections of one level within one bucket of the timeline. */
export interface DetectionPoint {
  /** From 0 to `Timeline.buckets - 1`. */
  readonly bucket: number
  /** The highest ever stated. */
  readonly level: RiskLevel
  readonly count: number
}

/** Detections of one type, each counted once however often it was updated. */
export interface DetectionSeries {
  readonly type: string
  /** Official name, or the type itself if not in our catalogue. */
  readonly name: string
  readonly documented: boolean
  readonly count: number
  readonly points: readonly DetectionPoint[]
}

/** The common time axis of all series. */
export interface Timeline {
  readonly fromMs: number
  readonly bucketMs: number
  readonly buckets: number
}

/** Exact content for display. */
export interface ShownContent {
  /** Cut at `SHOWN.textCharacters`. Base64 if not UTF-8. */
  readonly text: string
  readonly form: 'text' | 'base64'
  /** Of the whole content. */
  readonly bytes: number
  readonly cut: boolean
}

/** Where a record's evidence is. */
export interface Evidence {
  readonly blob: string
  readonly line: number
  readonly digest: string
  readonly partition: string
  readonly sequenceNumber: number
  readonly enqueuedAt: number
}

/** A delivered event and the record it was made from. */
export interface NewestEvent extends Evidence {
  readonly eventId: string
  readonly kind: ExportedEvent['kind']
  readonly identityType?: IdentityType
  readonly identityName?: string
  readonly riskLevel?: string
  readonly riskState?: string
  /** For detections. */
  readonly detectionName?: string
  readonly lastUpdatedAt: number
  /** The same event id came before: the stream delivers at least once. */
  readonly seenBefore: boolean
  readonly record: ShownContent
  readonly event: ShownContent
}

/** An unreadable record or message, and the reason. */
export interface FaultyContent extends Evidence {
  readonly fault: Pick<Fault, 'code' | 'message' | 'field'>
  readonly what: 'record' | 'message'
  readonly content: ShownContent
}

/** Faults of one kind. */
export interface FaultGroup {
  readonly code: Fault['code']
  readonly message: string
  readonly field?: string
  readonly count: number
}

/** The newest checkpoint of the archive's log. */
export interface LogState {
  readonly size: number
  /** Base64. */
  readonly root: string
  /** Absent: nobody signed it. */
  readonly keyId?: string
  readonly sealedAt: number
}

/** All that the page shows, at one moment. Every list and text is bounded. */
export interface StackState extends RecordTally {
  readonly startedAt: number
  /** For any Event Hubs client on this machine. */
  readonly connectionString: string
  readonly hub: string
  /** On the hub. Messages, records and events exclude what the exporter sends itself. */
  readonly messages: number
  /** Messages not yet in the archive. */
  readonly unread: number
  /** How long none of those has been read. */
  readonly unreadForMs: number
  /** Events that the exporter sent itself. */
  readonly own: number
  /** Of these. */
  readonly heartbeats: number
  /** Why these figures are out of date, if they are. */
  readonly problem: string | undefined
  /**
   * Lines that hold a record or a whole message; `unsealed`: blobs that the log does not have yet,
   * those of heartbeats as well.
   */
  readonly archive: { readonly blobs: number; readonly lines: number; readonly unsealed: number }
  /** Where the log of the archive ends; absent: nothing is sealed yet. */
  readonly log: LogState | undefined
  readonly sinks: readonly SinkState[]
  readonly identities: readonly IdentityState[]
  readonly identitiesTotal: number
  /** Identities that are at risk or confirmed compromised. */
  readonly identitiesOpen: number
  readonly timeline: Timeline | undefined
  readonly detections: readonly DetectionSeries[]
  readonly detectionsTotal: number
  /** By arrival, newest first. */
  readonly newest: readonly NewestEvent[]
  readonly faulty: readonly FaultyContent[]
  readonly faultGroups: readonly FaultGroup[]
  readonly lastHeartbeatAt: number | undefined
}
