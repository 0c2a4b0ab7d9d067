import { type CronSchedule, firesOnDay, readCron } from '../../shared/config/cron-schedule.ts'
import type { NextOccurrence } from '../emulators/functions-host/host-time.ts'

const DAY_MS = 86_400_000
/** Enough for 29 February on a given weekday, even across a century without a leap day. */
const MAX_DAYS = 366 * 41

/** Reads the schedules of timers for the function host, by the rules of the program's settings. */
export function readSchedule(expression: string): NextOccurrence | undefined {
  const schedule = readCron(expression)
  return schedule && ((afterMs) => nextOccurrence(schedule, afterMs))
}

/**
 * The next instant of a schedule after `afterMs`, in milliseconds; undefined if there is none (30
 * February).
 */
export function nextOccurrence(schedule: CronSchedule, afterMs: number): number | undefined {
  const earliestMs = Math.floor(afterMs / 1_000) * 1_000 + 1_000
  const firstDayMs = Math.floor(earliestMs / DAY_MS) * DAY_MS
  for (let day = 0; day < MAX_DAYS; day++) {
    const dayMs = firstDayMs + day * DAY_MS
    if (!firesOnDay(schedule, new Date(dayMs))) continue
    const found = firstTime(schedule, Math.max(earliestMs - dayMs, 0) / 1_000)
    if (found !== undefined) return dayMs + found * 1_000
  }
  return undefined
}

/** The first matching second of a day at or after `fromSecond`. */
function firstTime({ hours, minutes, seconds }: CronSchedule, fromSecond: number): number | undefined {
  for (let hour = Math.floor(fromSecond / 3_600); hour < 24; hour++) {
    if (!hours.has(hour)) continue
    for (let minute = 0; minute < 60; minute++) {
      if (!minutes.has(minute)) continue
      const start = hour * 3_600 + minute * 60
      for (let second = Math.max(fromSecond - start, 0); second < 60; second++) {
        if (seconds.has(second)) return start + second
      }
    }
  }
  return undefined
}
