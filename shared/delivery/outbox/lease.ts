import { type Instant, instant } from '../../domain/identifiers.ts'

/** An outbox partition's lease row: who holds the partition, and when it is due again. */
export interface LeaseState {
  /** Token of the drain that holds it; empty if none does. */
  readonly token: string
  readonly heldUntilMs: number
  readonly dueAtMs: number
  /** When the row was written, by the writer's clock; 0 if unknown. */
  readonly writtenAtMs: number
}

/** The longest a drain holds a partition: the largest REDELIVERY_BUDGET_MS plus its margin. */
export const MAX_HELD_MS = 135_000
/** The longest delay of a partition: the largest REDELIVERY_MAX_BACKOFF_SECONDS. */
export const MAX_DELAY_MS = 3_600_000
/** Clocks of two machines differ by less, unless one of them is wrong. */
const MAX_SKEW_MS = 30_000

/** Whether a clock ahead of ours wrote the lease: in the future, or for longer than is allowed. */
export const isAhead = ({ heldUntilMs, dueAtMs, writtenAtMs }: LeaseState, nowMs: number): boolean =>
  writtenAtMs > nowMs + MAX_SKEW_MS || heldUntilMs > nowMs + MAX_HELD_MS || dueAtMs > nowMs + MAX_DELAY_MS

const FREE: LeaseState = { token: '', heldUntilMs: 0, dueAtMs: 0, writtenAtMs: 0 }

/**
 * The lease, unless it is ahead: that would block the partition for as long as the clock was wrong
 * by. Taking it over from a live drain costs duplicates, never events.
 */
const believed = (lease: LeaseState | undefined, nowMs: number): LeaseState =>
  lease === undefined || isAhead(lease, nowMs) ? FREE : lease

/** Whether to leave a partition alone: a drain holds it, or it is not yet due. */
export const isHeldOrDelayed = (lease: LeaseState | undefined, nowMs: number): boolean => {
  const { heldUntilMs, dueAtMs } = believed(lease, nowMs)
  return heldUntilMs > nowMs || dueAtMs > nowMs
}

/**
 * Nobody tries the partition's pending deliveries before then; a past time means: at any moment.
 */
export const notTriedBefore = (lease: LeaseState | undefined, nowMs: number): Instant =>
  instant(believed(lease, nowMs).dueAtMs)
