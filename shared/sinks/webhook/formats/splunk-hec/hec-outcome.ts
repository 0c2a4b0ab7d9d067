import { DELIVERED, type DeliveryOutcome, failed } from '../../../../delivery/sink.ts'
import {
  type Fault,
  type FaultCode,
  recordFault,
  sinkFault,
  transientFault,
} from '../../../../domain/fault.ts'
import type { EventId } from '../../../../domain/identifiers.ts'
import { answerDetail } from '../../../http/status-fault.ts'
import { type Answer, isAccepted } from '../../answer.ts'
import { answerFault } from '../../answer-fault.ts'
import type { Receiver } from '../../destination.ts'
import type { EncodedEvent } from '../../encoded-event.ts'
import { isHtmlPage } from '../../html-page.ts'
import { parseHecReply } from './parse-hec-reply.ts'

/** The collector's code if it accepted all events of a request. */
const TAKEN = 0
/** Its code for "healthy"; compatible collectors answer `TAKEN` there too. */
const HEALTHY = 17
/** Its codes for an event that it refuses. */
const REFUSED_EVENT: readonly number[] = [6, 12, 13, 15]
/** Codes that name the event at which it stopped: refused, or too busy (9). */
const STOPPED_AT_EVENT: readonly number[] = [...REFUSED_EVENT, 9]

/** What its other codes mean. */
const MEANINGS: readonly {
  readonly codes: readonly number[]
  readonly fault: FaultCode
  /** @param at what the names of the settings begin with */
  readonly says: (at: string) => string
}[] = [
  {
    codes: [1, 2, 3, 4, 21, 22],
    fault: 'unauthorized',
    says: (at) => `the token is missing, wrong or disabled. Check ${at}TOKEN and the token in Splunk.`,
  },
  {
    codes: [7],
    fault: 'answerUnexpected',
    says: (at) =>
      `the index does not exist, or the token may not write to it. Check ${at}SPLUNK_INDEX and the indexes of the token.`,
  },
  {
    codes: [10, 11, 14],
    fault: 'answerUnexpected',
    says: () => 'it requires indexer acknowledgement, which is not supported. Switch it off for the token.',
  },
  {
    codes: [5, 16],
    fault: 'answerUnexpected',
    says: (at) => `the request was altered on the way. Check ${at}URL and what is in front of the collector.`,
  },
  {
    codes: [8, 9, 18, 19, 20],
    fault: 'unavailable',
    says: () => 'it is busy or its queues are full. If this persists, check the indexers.',
  },
]

const refusedEvent = (code: number, status: number): Fault =>
  recordFault(
    'payloadRefused',
    `Splunk's HTTP Event Collector refused this event (code ${code}). Check the index-time settings of its source type.`,
    { status },
  )

const notReached = (status: number): Fault =>
  transientFault(
    'unavailable',
    "Splunk's HTTP Event Collector stopped at an event before this one; it has not read this one yet.",
    { status },
  )

/**
 * The collector reads events in order and stops at the first it does not accept:
 * `invalid-event-number`, from 0. Those before it are indexed, those after it were not read. A
 * refused event is its record's fault, and those after it are sent again without it; if the
 * collector became too busy there, it is sent again with those after it.
 */
function stoppedAt(
  index: number,
  fault: Fault,
  status: number,
  batch: readonly EncodedEvent[],
): DeliveryOutcome {
  const unread = fault.scope === 'record' ? notReached(status) : fault
  const faults = batch.slice(index).map(({ eventId }, n) => [eventId, n === 0 ? fault : unread] as const)
  return { status: 'partial', failed: new Map<EventId, Fault>(faults) }
}

/** A 2xx means nothing without the collector's own code. */
function acceptedFault(
  { status, body, isCutOff }: Answer,
  wellCodes: readonly number[],
  { host, settingsPrefix }: Receiver,
): Fault | undefined {
  const code = parseHecReply(body.toString())?.code
  if (code !== undefined && wellCodes.includes(code)) return undefined
  const says = `What answers at ${host} said ${status}`
  if (code === undefined && isCutOff) {
    return transientFault(
      'unreachable',
      `${says}, but its response was cut off before it said whether the events are indexed.`,
      { status },
    )
  }
  return sinkFault(
    'answerUnexpected',
    `${says} and ${code === undefined ? 'no code' : `code ${code}`}, but Splunk's HTTP Event Collector says code ${wellCodes[0]}. Check that ${settingsPrefix}URL names the collector, and what is in front of it.`,
    { status },
  )
}

/** A refusal in a web page is that of a firewall or gateway, not the collector's of an event. */
const pageFault = (status: number, { host, settingsPrefix }: Receiver): Fault =>
  sinkFault(
    'answerUnexpected',
    `What answers at ${host} said ${status} with a web page, as a firewall does, not Splunk's HTTP Event Collector. Check that ${settingsPrefix}URL names the collector, and what is in front of it.`,
    { status },
  )

/**
 * Why the collector did not accept a request, by its own code if it gives one, else by HTTP status;
 * `undefined` if it did.
 * https://docs.splunk.com/Documentation/Splunk/latest/Data/TroubleshootHTTPEventCollector
 */
function hecFault(answer: Answer, wellCodes: readonly number[], receiver: Receiver): Fault | undefined {
  if (isAccepted(answer.status)) return acceptedFault(answer, wellCodes, receiver)
  const byStatus = answerFault(answer, receiver)
  // A redirect does not come from the collector.
  if (byStatus === undefined || answer.status < 400) return byStatus
  const code = parseHecReply(answer.body.toString())?.code
  if (code === undefined) {
    const isOfOther = byStatus.code === 'payloadRefused' && isHtmlPage('', answer.body.toString())
    return isOfOther ? pageFault(answer.status, receiver) : byStatus
  }
  if (REFUSED_EVENT.includes(code)) return refusedEvent(code, answer.status)
  const meaning = MEANINGS.find(({ codes }) => codes.includes(code))
  if (meaning === undefined) return byStatus
  const { fault, says } = meaning
  const message = `Splunk's HTTP Event Collector at ${receiver.host} answered code ${code}: ${says(receiver.settingsPrefix)}`
  return fault === 'unavailable'
    ? transientFault(fault, message, answerDetail(answer))
    : sinkFault(fault, message, answerDetail(answer))
}

/** The outcome of a delivery, by the collector's answer. */
export function hecOutcome(
  answer: Answer,
  batch: readonly EncodedEvent[],
  receiver: Receiver,
): DeliveryOutcome {
  const fault = hecFault(answer, [TAKEN], receiver)
  if (fault === undefined) return DELIVERED
  // No other answer proves that anything was indexed, so everything is sent again: better twice
  // than never.
  const reply = parseHecReply(answer.body.toString())
  const index = reply !== undefined && STOPPED_AT_EVENT.includes(reply.code) ? reply.invalidEvent : undefined
  const tells = fault.scope === 'record' || (fault.scope === 'transient' && index !== 0)
  const isTold = tells && index !== undefined && index < batch.length
  return isTold ? stoppedAt(index, fault, answer.status, batch) : failed(fault)
}

/** What the answer to a health request means; `undefined`: healthy. */
export const hecHealth = (answer: Answer, receiver: Receiver): Fault | undefined =>
  hecFault(answer, [HEALTHY, TAKEN], receiver)
