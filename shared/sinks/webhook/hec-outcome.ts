import { DELIVERED, type DeliveryOutcome, failed } from '../../delivery/sink.ts'
import { type Fault, recordFault, sinkFault, transientFault } from '../../domain/fault.ts'
import type { EventId } from '../../domain/identifiers.ts'
import type { Answer } from './answer.ts'
import { answerFault } from './answer-fault.ts'
import type { EncodedEvent } from './encoded-event.ts'
import { parseHecReply } from './parse-hec-reply.ts'

/** Codes of the collector that are about one event. */
const EVENT_REFUSED: ReadonlySet<number> = new Set([6, 12, 13, 15])

/** Which event the collector stopped at, from 0, where it is that event's own fault. */
function refusedIndex({ status, body }: Answer): number | undefined {
  const reply = status < 400 ? undefined : parseHecReply(body)
  return reply !== undefined && EVENT_REFUSED.has(reply.code) ? reply.invalidEvent : undefined
}

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
 * The collector reads events in their order and stops at the first it refuses: those before are indexed, those after were never read.
 * So the one is a fault of its record, and the ones after it are sent again without it.
 */
function stoppedAt(
  index: number,
  fault: Fault,
  status: number,
  batch: readonly EncodedEvent[],
): DeliveryOutcome {
  const faults = new Map<EventId, Fault>()
  for (const { eventId } of batch.slice(index + 1)) faults.set(eventId, notReached(status))
  const stopped = batch[index]
  if (stopped !== undefined) faults.set(stopped.eventId, fault)
  return { status: 'partial', failed: faults }
}

/**
 * Why the collector did not take a request, by its own code where it gives one, else by HTTP status; `undefined` for 2xx.
 * https://docs.splunk.com/Documentation/Splunk/latest/Data/TroubleshootHTTPEventCollector
 */
export function hecFault(answer: Answer, host: string): Fault | undefined {
  const byStatus = answerFault(answer, host)
  // A redirect is no answer of the collector.
  if (byStatus === undefined || answer.status < 400) return byStatus
  const code = parseHecReply(answer.body)?.code
  const { status, retryAfterMs } = answer
  const detail = { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  const says = `Splunk's HTTP Event Collector at ${host} answered code ${code}`
  switch (code) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 21:
    case 22:
      return sinkFault(
        'unauthorized',
        `${says}: the token is missing, wrong or disabled. Check WEBHOOK_TOKEN and the token in Splunk.`,
        detail,
      )
    case 7:
      return sinkFault(
        'answerUnexpected',
        `${says}: the index does not exist, or the token may not write to it. Check WEBHOOK_SPLUNK_INDEX and the indexes of the token.`,
        detail,
      )
    case 10:
    case 11:
    case 14:
      return sinkFault(
        'answerUnexpected',
        `${says}: it wants indexer acknowledgement, which is not supported. Switch it off for the token.`,
        detail,
      )
    case 5:
    case 16:
      return sinkFault(
        'answerUnexpected',
        `${says}: it did not get what we sent as we sent it. Check WEBHOOK_URL and what stands before the collector.`,
        detail,
      )
    case 6:
    case 12:
    case 13:
    case 15:
      return refusedEvent(code, status)
    case 8:
    case 9:
    case 18:
    case 19:
    case 20:
      return transientFault(
        'unavailable',
        `${says}: it is busy or its queues are full. If it lasts, look at the indexers.`,
        detail,
      )
    default:
      return byStatus
  }
}

/** What the collector's answer to a delivery means. */
export function hecOutcome(answer: Answer, batch: readonly EncodedEvent[], host: string): DeliveryOutcome {
  const fault = hecFault(answer, host)
  if (fault === undefined) return DELIVERED
  const index = refusedIndex(answer)
  return index !== undefined && index < batch.length
    ? stoppedAt(index, fault, answer.status, batch)
    : failed(fault)
}
