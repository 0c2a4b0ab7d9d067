import type { OutboxRow } from '../delivery/outbox.ts'
import { type Instant, instant } from '../domain/identifiers.ts'
import type { Time } from '../domain/time.ts'

/** How long a debt may be owed. */
export interface AgeLimit {
  readonly maxAgeMs: number
  readonly time: Pick<Time, 'now'>
}

/** Whether a debt is past the age limit. */
export const isExpired = (row: Pick<OutboxRow, 'firstTriedAt'>, limit: AgeLimit): boolean =>
  limit.time.now() >= expiresAt(row, limit)

/** When a debt is past the age limit. */
export const expiresAt = (
  { firstTriedAt }: Pick<OutboxRow, 'firstTriedAt'>,
  { maxAgeMs }: Pick<AgeLimit, 'maxAgeMs'>,
): Instant => instant(firstTriedAt + maxAgeMs + 1)
