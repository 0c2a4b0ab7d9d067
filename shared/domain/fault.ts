/**
 * Why something did not work. Closed set: docs/operations.md explains every code; safe as a metric
 * dimension.
 */
export const FAULT_CODES = [
  // Unreadable messages and records.
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
  // Failed or refused deliveries.
  'unreachable',
  'timeout',
  'throttled',
  'unavailable',
  'unauthorized',
  'notFound',
  'certificateRejected',
  'nameNotResolved',
  'addressNotAllowed',
  'notConfigured',
  'redirected',
  'gone',
  'answerUnexpected',
  'payloadRefused',
  'tooLarge',
  'allRefused',
  'breakerOpen',
  'ordered',
  // The exporter itself.
  'deliveryExpired',
  'archiveUnreadable',
  'internalFault',
] as const

export type FaultCode = (typeof FAULT_CODES)[number]

/**
 * Where the fault lies, and so what happens next: `transient` passes (retry, then pending); `sink`
 * needs an operator (pending, not dead-lettered before the age limit); `record` concerns this
 * payload alone (dead-lettered; its neighbours are not).
 */
export type FaultScope = 'transient' | 'sink' | 'record'

export interface Fault {
  readonly code: FaultCode
  readonly scope: FaultScope
  /** For operators: what happened and what to check. Never a secret, never a record's content. */
  readonly message: string
  /** Path from the record's root to the missing or invalid field. */
  readonly field?: string
  /** HTTP status of the answer, if there was one. */
  readonly status?: number
  /** How long the sink asked us to wait, in milliseconds; at most an hour. */
  readonly retryAfterMs?: number
}

/** What a fault may say beside its message. */
export type FaultDetail = Pick<Fault, 'field' | 'status' | 'retryAfterMs'>

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

/** Distinguishes a fault from another return value. */
export const isFault = (value: object): value is Fault => 'scope' in value && 'code' in value
