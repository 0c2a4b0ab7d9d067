import type { TriggerInput } from '../core/invoke.ts'

/** When a timer last fired and will next fire, in milliseconds; 0 for never. */
export interface TimerStatus {
  readonly lastMs: number
  readonly nextMs: number
  readonly lastUpdatedMs: number
}

/**
 * A timer event as the host passes it to a function; without status if the timer is not monitored.
 */
export function timerInput(status: TimerStatus | undefined, isPastDue: boolean): TriggerInput {
  const payload = {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: status === undefined ? null : statusFields(status),
    IsPastDue: isPastDue,
  }
  return { data: { json: JSON.stringify(payload) } }
}

/** The status with the host's names and time format. */
export function statusFields(status: TimerStatus): Readonly<Record<'Last' | 'Next' | 'LastUpdated', string>> {
  return { Last: at(status.lastMs), Next: at(status.nextMs), LastUpdated: at(status.lastUpdatedMs) }
}

/** An unset .NET DateTime is in the year 1. */
function at(atMs: number): string {
  return atMs === 0 ? '0001-01-01T00:00:00+00:00' : new Date(atMs).toISOString().replace(/\.?0*Z$/, '+00:00')
}
