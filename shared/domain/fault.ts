/**
 * Why something did not work. A closed set: every code is explained in docs/operations.md and is
 * safe as a metric dimension.
 */
export const FAULT_CODES = [
  // A message or record that could not be read.
  'bodyEmpty',
  'bodyNotUtf8',
  'bodyNotJson',
  'bodyShapeUnknown',
  'recordNotJson',
  'recordNotObject',
  'recordTooDeep',
  'categoryMissing',
  'categoryUnknown',
  'fieldMissing',
  'fieldInvalid',
  // A sink that did not take what it was given.
  'unreachable',
  'timeout',
  'throttled',
  'unavailable',
  'unauthorized',
  'notFound',
  'certificateRejected',
  'nameNotResolved',
  'addressNotAllowed',
  'redirected',
  'gone',
  'answerUnexpected',
  'payloadRefused',
  'tooLarge',
  'allRefused',
  'breakerOpen',
  'ordered',
  // Ourselves.
  'deliveryExpired',
  'archiveUnreadable',
  'internalFault',
] as const

export type FaultCode = (typeof FAULT_CODES)[number]

/**
 * Whose fault it is, and so what happens next: `transient` will pass (retry, then pending); `sink`
 * needs an operator (pending, never dead-lettered before the age limit); `record` is about this
 * payload alone (that record is dead-lettered, its neighbours are not).
 */
export type FaultScope = 'transient' | 'sink' | 'record'

export interface Fault {
  readonly code: FaultCode
  readonly scope: FaultScope
  /** For operators: what happened and what to check. Never a secret, never a record's content. */
  readonly message: string
  /** The field that is missing or invalid, as a path from the record's top. */
  readonly field?: string
  /** HTTP status of the answer, where there was one. */
  readonly status?: number
  /** How long the sink asked us to wait, in milliseconds; at most an hour. */
  readonly retryAfterMs?: number
}

type FaultDetail = Pick<Fault, 'field' | 'status' | 'retryAfterMs'>

export const transientFault = (code: FaultCode, message: string, detail: FaultDetail = {}): Fault => ({
  code,
  scope: 'transient',
  message,
  ...detail,
})

export const sinkFault = (code: FaultCode, message: string, detail: FaultDetail = {}): Fault => ({
  code,
  scope: 'sink',
  message,
  ...detail,
})

export const recordFault = (code: FaultCode, message: string, detail: FaultDetail = {}): Fault => ({
  code,
  scope: 'record',
  message,
  ...detail,
})

/** Tells a fault from whatever else a function may return in its place. */
export const isFault = (value: object): value is Fault => 'scope' in value && 'code' in value
