import type { Mark, SettledStretch } from './settled-range.ts'

const MARK_VERSION = 1

/** Marks as JSON text in one property: one row per partition, whatever the number of sinks. */
export const marksJson = (bySink: ReadonlyMap<string, Mark>): string =>
  JSON.stringify({ v: MARK_VERSION, sinks: Object.fromEntries(bySink) })

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

/** A stretch that ends before it begins, or has no numbers, covers nothing. */
const isStretch = (value: unknown): value is SettledStretch => {
  if (!isObject(value)) return false
  const { fromSequenceNumber: from, toSequenceNumber: to, fromEnqueuedAt: since, toEnqueuedAt: until } = value
  return isWhole(from) && isWhole(to) && isWhole(since) && isWhole(until) && from <= to && since <= until
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return isObject(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

/**
 * The marks of a text made by `marksJson`; none for a text of another version: marks save work and nothing else. `undefined` for what no
 * program of ours has written.
 */
export function parseMarks(text: string): ReadonlyMap<string, Mark> | undefined {
  const parsed = parseObject(text)
  if (parsed === undefined || !isWhole(parsed.v)) return undefined
  const marks = new Map<string, Mark>()
  if (parsed.v !== MARK_VERSION) return marks
  if (!isObject(parsed.sinks)) return undefined
  for (const [sink, mark] of Object.entries(parsed.sinks)) {
    if (Array.isArray(mark)) marks.set(sink, mark.filter(isStretch))
  }
  return marks
}
