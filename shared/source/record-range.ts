import type { Walk } from './walk.ts'

/**
 * `intact`: structurally valid JSON; `broken`: not JSON, its end is a guess; `cutOff`: the message
 * ends within it; `surplus`: everything after the maximum number of records.
 */
export type RecordState = 'intact' | 'broken' | 'cutOff' | 'surplus'

/** The bytes of one record in the body of a message. What follows its state counts only if it is intact. */
export interface RecordRange {
  readonly start: number
  readonly end: number
  readonly state: RecordState
  /** Levels of nesting: 0 for a scalar, 1 for a flat object. */
  readonly depth: number
  /** Whether it or a record before it may have a number beyond a double. */
  readonly hasLongNumber: boolean
  /** Whether it or a record before it may be lenient JSON (`plain-json.ts`). */
  readonly isLenient: boolean
  /** Its members on the tape; `undefined` if they were not recorded. */
  readonly members: Walk | undefined
}
