import type { SettledRange, SettledRanges } from './settled-range.ts'

const RANGES_VERSION = 1

/** Settled ranges as JSON in one property: one row per partition, for any number of sinks. */
export const rangesJson = (bySink: ReadonlyMap<string, SettledRanges>): string =>
  JSON.stringify({ v: RANGES_VERSION, sinks: Object.fromEntries(bySink) })

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

/** A range that ends before it begins, or has no numbers, covers nothing. */
const isRange = (value: unknown): value is SettledRange => {
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
 * Parses a text made by `rangesJson`; empty for another version, since settled ranges only save
 * work. `undefined` if this program did not write it.
 */
export function parseRanges(text: string): ReadonlyMap<string, SettledRanges> | undefined {
  const parsed = parseObject(text)
  if (parsed === undefined || !isWhole(parsed.v)) return undefined
  const settledRanges = new Map<string, SettledRanges>()
  if (parsed.v !== RANGES_VERSION) return settledRanges
  if (!isObject(parsed.sinks)) return undefined
  for (const [sink, ranges] of Object.entries(parsed.sinks)) {
    if (Array.isArray(ranges)) settledRanges.set(sink, ranges.filter(isRange))
  }
  return settledRanges
}
