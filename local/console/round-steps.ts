const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Round durations, ascending, in milliseconds. */
export const ROUND_STEPS_MS: readonly number[] = [
  ...[1, 5, 15, 30].map((n) => n * MINUTE),
  ...[1, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365, 3_650].map((n) => n * DAY),
]

export const DAY_MS = DAY
