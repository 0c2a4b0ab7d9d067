import type { Fault, FaultCode, FaultDetail, FaultScope } from '../../domain/fault.ts'

/** The head of an answer that does not mean "delivered". */
export interface RefusingAnswer {
  readonly status: number
  /** How long the service asked us to wait. */
  readonly retryAfterMs: number | undefined
}

/** What a fault keeps of an answer. */
export const answerDetail = ({ status, retryAfterMs }: RefusingAnswer): FaultDetail =>
  retryAfterMs === undefined ? { status } : { status, retryAfterMs }

type Meaning = readonly [FaultScope, FaultCode, says?: string]

const NOT_FOUND: Meaning = ['sink', 'notFound']
const UNAUTHORIZED: Meaning = ['sink', 'unauthorized']
const PAYLOAD_REFUSED: Meaning = ['record', 'payloadRefused', 'it does not accept this payload']
const UNAVAILABLE: Meaning = ['transient', 'unavailable']
const REDIRECTED: Meaning = ['sink', 'redirected', 'it redirects, and redirects are not followed']
const ANSWER_UNEXPECTED: Meaning = ['sink', 'answerUnexpected', 'an unexpected status']

const MEANINGS: ReadonlyMap<number, Meaning> = new Map([
  [400, PAYLOAD_REFUSED],
  [401, UNAUTHORIZED],
  [403, UNAUTHORIZED],
  [404, NOT_FOUND],
  [405, NOT_FOUND],
  [407, ['sink', 'unauthorized', 'the proxy requires credentials']],
  [408, ['transient', 'timeout', 'it did not receive the whole request in time']],
  [410, ['sink', 'gone', 'the endpoint is permanently closed']],
  [413, ['record', 'tooLarge', 'the payload is too large']],
  [422, PAYLOAD_REFUSED],
  [425, ['transient', 'unavailable', 'too early']],
  [429, ['transient', 'throttled', 'too many requests']],
])

function meaningOf(status: number): Meaning {
  if (status >= 300 && status < 400) return REDIRECTED
  return MEANINGS.get(status) ?? (status >= 500 ? UNAVAILABLE : ANSWER_UNEXPECTED)
}

/**
 * What a status means, for any service. What only an operator can fix has the scope `sink`: a wrong
 * secret or a missing role must not cost a day's events.
 * @param answered what happened, without a full stop: `The webhook receiver siem.example answered
 * 404`
 * @param check what to check, in whole sentences
 */
export function statusFault(
  answer: RefusingAnswer,
  answered: string,
  check: (code: FaultCode) => string,
): Fault {
  const [scope, code, says] = meaningOf(answer.status)
  return {
    code,
    scope,
    message: `${says === undefined ? answered : `${answered}: ${says}`}. ${check(code)}`.trimEnd(),
    ...answerDetail(answer),
  }
}
