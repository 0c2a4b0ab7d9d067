/**
 * `intact`: a JSON value as far as structure tells; `broken`: not JSON, its end was found by other
 * signs; `cutOff`: the message ends before it does; `surplus`: all that follows the greatest number
 * of records.
 */
export type RecordState = 'intact' | 'broken' | 'cutOff' | 'surplus'

/** The bytes of one record in the body of a message. */
export interface RecordRange {
  readonly start: number
  readonly end: number
  /** Nesting: 0 for a scalar, 1 for a flat object. Known of intact ones. */
  readonly depth: number
  readonly state: RecordState
  /**
   * Whether it, or what comes before it in the body, may have a number that a double does not hold.
   * Known of intact ones.
   */
  readonly hasLongNumber: boolean
  /** Whether it, or what comes before it, may be only as good as JSON. True of any but intact ones. */
  readonly isLenient: boolean
  /** Its members on the tape; absent: it is to be walked over once more. */
  readonly members: { readonly from: number; readonly to: number } | undefined
}
