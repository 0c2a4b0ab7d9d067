import { type Instant, instant } from '../../domain/identifiers.ts'

/**
 * What an outbox partition's lease row says: who has the outbox partition, and from when on
 * somebody is to look again.
 */
export interface LeaseState {
  /** Of the drain that has it; empty: nobody has. */
  readonly token: string
  readonly heldUntilMs: number
  readonly dueAtMs: number
  /** When that was written, by the writer's clock; 0 where it does not say. */
  readonly writtenAtMs: number
}

/**
 * No drain holds an outbox partition for longer: the largest REDELIVERY_BUDGET_MS, and the margin
 * after it.
 */
export const MAX_HELD_MS = 135_000
/** No outbox partition is put off for longer: the largest REDELIVERY_MAX_BACKOFF_SECONDS. */
export const MAX_PUT_OFF_MS = 3_600_000
/** Clocks of two machines differ by less, unless one of them is wrong. */
const MAX_SKEW_MS = 30_000

/**
 * Whether a lease was written by a clock that is ahead of this one: in the future, or for longer
 * than anybody would.
 */
export const isAhead = ({ heldUntilMs, dueAtMs, writtenAtMs }: LeaseState, nowMs: number): boolean =>
  writtenAtMs > nowMs + MAX_SKEW_MS || heldUntilMs > nowMs + MAX_HELD_MS || dueAtMs > nowMs + MAX_PUT_OFF_MS

const FREE: LeaseState = { token: '', heldUntilMs: 0, dueAtMs: 0, writtenAtMs: 0 }

/**
 * A lease as far as it is believed. One that is ahead is not: it would keep everybody away for as
 * long as a clock was once wrong by. Taken over from a drain that is alive, it costs duplicates,
 * never events.
 */
const believed = (lease: LeaseState | undefined, nowMs: number): LeaseState =>
  lease === undefined || isAhead(lease, nowMs) ? FREE : lease

/** Whether an outbox partition is to be left alone: a drain holds it, or it is not yet due. */
export const isAttended = (lease: LeaseState | undefined, nowMs: number): boolean => {
  const { heldUntilMs, dueAtMs } = believed(lease, nowMs)
  return heldUntilMs > nowMs || dueAtMs > nowMs
}

/**
 * Before then nobody tries what is pending on an outbox partition; in the past where somebody may
 * at any moment.
 */
export const notTriedBefore = (lease: LeaseState | undefined, nowMs: number): Instant =>
  instant(believed(lease, nowMs).dueAtMs)
