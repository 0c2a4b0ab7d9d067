import type { IdentityType } from '../../shared/domain/category.ts'
import type { Fault } from '../../shared/domain/fault.ts'
import type { RecordTally, SinkTally } from '../../shared/domain/tally.ts'
import type { Behaviour } from '../stack/behaviour.ts'
import type { RiskLevel } from './risk-level.ts'

/** How many of each the page shows; what lies beyond is counted, never shown by halves. */
export const SHOWN = {
  identities: 12,
  detectionTypes: 14,
  newest: 20,
  faulty: 20,
  textCharacters: 8_000,
} as const

/** A sink's events by what became of them, counted at its receiver. */
export interface SinkState extends SinkTally {
  /** `log-analytics`, `webhook`. */
  readonly name: string
  /** Archived, and not settled yet. */
  readonly onTheWay: number
  /** Archived long ago, and nowhere: not at the receiver, not pending, not dead-lettered. */
  readonly missing: number
  /** Events that the receiver stored, repetitions included; absent: it is not of this stack, and the other figures are the program's own. */
  readonly received?: number
  /** Of them, repetitions. */
  readonly receivedTwice?: number
  /** `catchingUp`: something is pending, and the receiver takes deliveries. */
  readonly state: 'up' | 'catchingUp' | 'down'
  /** How the receiver was told to behave; absent: it is not of this stack. */
  readonly behaviour?: Behaviour
  /** From the hub's enqueued time to the receiver's hands. */
  readonly latencyMs?: { readonly p50: number; readonly p99: number }
}

/** What is known last of one identity. */
export interface IdentityState {
  readonly identityType: IdentityType
  readonly id: string
  readonly displayName?: string
  readonly riskLevel?: string
  readonly riskState?: string
  readonly enabled?: boolean
  /** Milliseconds since the epoch, like all times here. */
  readonly lastUpdatedAt: number
  /** What says so: Entra's own state of the identity, or, where none came, its latest detection. */
  readonly toldBy: 'riskyIdentity' | 'riskDetection'
}

/** Detections of one level within one stretch of the timeline. */
export interface DetectionPoint {
  /** From 0 to `Timeline.buckets - 1`. */
  readonly bucket: number
  /** The highest that was ever stated. */
  readonly level: RiskLevel
  readonly count: number
}

/** Detections of one type, each counted once however often it was updated. */
export interface DetectionSeries {
  readonly type: string
  /** Official name, or the type itself where our catalogue does not know it. */
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

/** Exact content for people's eyes. */
export interface ShownContent {
  /** Cut at `SHOWN.textCharacters`. Base64 where it is not UTF-8. */
  readonly text: string
  readonly form: 'text' | 'base64'
  /** Of the whole. */
  readonly bytes: number
  readonly cut: boolean
}

/** Where a record's evidence lies. */
export interface Evidence {
  readonly blob: string
  readonly line: number
  readonly digest: string
  readonly partition: string
  readonly sequenceNumber: number
  readonly enqueuedAt: number
}

/** A delivered event beside the record it was made from. */
export interface NewestEvent extends Evidence {
  readonly eventId: string
  readonly kind: 'riskDetection' | 'riskyIdentity' | 'heartbeat'
  readonly identityType?: IdentityType
  readonly identityName?: string
  readonly riskLevel?: string
  readonly riskState?: string
  /** Of a detection. */
  readonly detectionName?: string
  readonly lastUpdatedAt: number
  /** The same event id came before: the stream delivers at least once. */
  readonly seenBefore: boolean
  readonly record: ShownContent
  readonly event: ShownContent
}

/** A record or message that could not be read, beside the reason. */
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

/** All that the page shows, at one moment. Every list and every text is bounded. */
export interface StackState extends RecordTally {
  readonly startedAt: number
  /** For any Event Hubs client on this machine. */
  readonly connectionString: string
  readonly hub: string
  /** On the hub, by its own count. */
  readonly messages: number
  /** Of them, those that the archive does not have yet, … */
  readonly unread: number
  /** … and for how long there have been such without one being read. */
  readonly unreadForMs: number
  readonly archive: { readonly blobs: number; readonly lines: number }
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
