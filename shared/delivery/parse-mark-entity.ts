import type { Mark, SettledStretch } from './mark.ts'

const MARK_VERSION = 1

/** Marks as JSON text in one property: one row per partition, whatever the number of sinks. */
export const marksJson = (bySink: ReadonlyMap<string, Mark>): string =>
  JSON.stringify({ v: MARK_VERSION, sinks: Object.fromEntries(bySink) })

const FIELDS = ['fromSequenceNumber', 'toSequenceNumber', 'fromEnqueuedAt', 'toEnqueuedAt'] as const

const isStretch = (value: unknown): value is SettledStretch => {
  if (typeof value !== 'object' || value === null) return false
  const fields = value as Readonly<Record<string, unknown>>
  return FIELDS.every((field) => typeof fields[field] === 'number')
}

/** The marks of a text made by `marksJson`; none for a text of another version: marks save work and nothing else. */
export function parseMarks(text: unknown): ReadonlyMap<string, Mark> {
  if (typeof text !== 'string') return new Map()
  const parsed: unknown = JSON.parse(text)
  if (typeof parsed !== 'object' || parsed === null || !('v' in parsed) || parsed.v !== MARK_VERSION)
    return new Map()
  if (!('sinks' in parsed) || typeof parsed.sinks !== 'object' || parsed.sinks === null) return new Map()
  const marks = new Map<string, Mark>()
  for (const [sink, mark] of Object.entries(parsed.sinks)) {
    if (Array.isArray(mark)) marks.set(sink, mark.filter(isStretch))
  }
  return marks
}
