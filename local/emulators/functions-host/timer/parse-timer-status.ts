import type { TimerStatus } from './timer-input.ts'

/** Parses a stored status; undefined if it is not valid, and the timer starts as new. */
export function parseTimerStatus(text: string): TimerStatus | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null) return undefined
    const fields: Readonly<Record<string, unknown>> = { ...parsed }
    const nextMs = atMs(fields.Next)
    return nextMs === 0
      ? undefined
      : { lastMs: atMs(fields.Last), nextMs, lastUpdatedMs: atMs(fields.LastUpdated) }
  } catch {
    return undefined
  }
}

function atMs(value: unknown): number {
  const ms = typeof value === 'string' ? Date.parse(value) : 0
  return Number.isNaN(ms) ? 0 : Math.max(ms, 0)
}
