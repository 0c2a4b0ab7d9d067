import type { Instant } from '../../domain/identifiers.ts'
import type { LogEnd } from '../../evidence/read-log-end.ts'

/** The log of the archive, as far as status tells. */
export interface Sealing {
  /** Absent: nothing is sealed yet. */
  readonly end: LogEnd | undefined
  /** Whether the hourly seal is missing. */
  readonly overdue: boolean
}

/** One is made an hour, even when nothing came; one may be missed in a restart. */
const OVERDUE_MS = 2 * 3_600_000 + 15 * 60_000

export const sealing = (end: LogEnd | undefined, now: Instant): Sealing => ({
  end,
  overdue: end !== undefined && now - end.writtenAt > OVERDUE_MS,
})
