import type { Instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'

/**
 * How a line is to be taken: a `finding` wants a look, `good` is as it should be, `unknown` could not
 * be read.
 */
export type Tone = 'finding' | 'good' | 'unknown' | 'plain'

/** One line for people. */
export interface Told {
  readonly text: string
  readonly tone: Tone
}

export const finding = (text: string): Told => ({ text, tone: 'finding' })
export const good = (text: string): Told => ({ text, tone: 'good' })
export const unknown = (text: string): Told => ({ text, tone: 'unknown' })
export const plainly = (text: string): Told => ({ text, tone: 'plain' })

/**
 * The first few of a list, and how many more there are.
 * @param leftOut how many more there are than the list has
 */
export function firstOf(told: readonly Told[], max: number, what: string, leftOut = 0): readonly Told[] {
  const more = Math.max(0, told.length - max) + leftOut
  return more > 0 ? [...told.slice(0, max), plainly(`and ${more} more ${what}`)] : told
}

/** A time for people: UTC, in seconds. */
export const timeText = (at: Instant): string => isoInstant(at).slice(0, 19).replace('T', ' ')
