import type { TriggerInput } from '../core/invoke.ts'

/** When a timer fired last and fires next, in milliseconds; 0 if it never did. */
export interface TimerStatus {
  readonly lastMs: number
  readonly nextMs: number
  readonly lastUpdatedMs: number
}

/**
 * A firing as the host hands it to a function; the status is left out for timers that are not
 * monitored.
 */
export function timerInput(status: TimerStatus | undefined, isPastDue: boolean): TriggerInput {
  const payload = {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: status === undefined ? null : statusFields(status),
    IsPastDue: isPastDue,
  }
  return { data: { json: JSON.stringify(payload) } }
}

/** The status with the names and times that the host writes. */
export function statusFields(status: TimerStatus): Readonly<Record<'Last' | 'Next' | 'LastUpdated', string>> {
  return { Last: at(status.lastMs), Next: at(status.nextMs), LastUpdated: at(status.lastUpdatedMs) }
}

/** .NET's DateTime without a value is the year 1. */
function at(atMs: number): string {
  return atMs === 0 ? '0001-01-01T00:00:00+00:00' : new Date(atMs).toISOString().replace(/\.?0*Z$/, '+00:00')
}
