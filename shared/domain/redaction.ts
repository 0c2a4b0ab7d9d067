/** What becomes of a redacted field. */
export const REDACTIONS = ['drop', 'mask', 'hash'] as const

/** A field that a destination does not get as it is. */
export interface Redaction {
  /** Names of members, from the event inwards; lists are gone through. */
  readonly path: readonly string[]
  readonly how: (typeof REDACTIONS)[number]
}
