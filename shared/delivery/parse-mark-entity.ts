import { instant } from '../domain/identifiers.ts'
import type { Mark } from './mark.ts'

const MARK_VERSION = 1

/** Marks as JSON text in one property: one row per partition, whatever the number of sinks. */
export const marksJson = (bySink: ReadonlyMap<string, Mark>): string =>
  JSON.stringify({ v: MARK_VERSION, sinks: Object.fromEntries(bySink) })

const isMark = (value: unknown): value is Mark =>
  typeof value === 'object' &&
  value !== null &&
  'fromSequenceNumber' in value &&
  typeof value.fromSequenceNumber === 'number' &&
  'toSequenceNumber' in value &&
  typeof value.toSequenceNumber === 'number' &&
  'toEnqueuedAt' in value &&
  typeof value.toEnqueuedAt === 'number'

/** The marks of a text made by `marksJson`; none for a text of another version: marks save work and nothing else. */
export function parseMarks(text: unknown): ReadonlyMap<string, Mark> {
  if (typeof text !== 'string') return new Map()
  const parsed: unknown = JSON.parse(text)
  if (typeof parsed !== 'object' || parsed === null || !('v' in parsed) || parsed.v !== MARK_VERSION)
    return new Map()
  if (!('sinks' in parsed) || typeof parsed.sinks !== 'object' || parsed.sinks === null) return new Map()
  const marks = new Map<string, Mark>()
  for (const [sink, mark] of Object.entries(parsed.sinks)) {
    if (isMark(mark)) marks.set(sink, { ...mark, toEnqueuedAt: instant(mark.toEnqueuedAt) })
  }
  return marks
}
