import { DELIVERED, type DeliveryOutcome, failed } from '../../../../delivery/sink.ts'
import {
  type Fault,
  type FaultCode,
  recordFault,
  sinkFault,
  transientFault,
} from '../../../../domain/fault.ts'
import type { EventId } from '../../../../domain/identifiers.ts'
import { statusFault } from '../../../http/status-fault.ts'
import { type Answer, isAccepted } from '../../answer.ts'
import { answerFault } from '../../answer-fault.ts'
import type { Receiver } from '../../destination.ts'
import type { EncodedEvent } from '../../encoded-event.ts'
import { type BulkItem, parseBulkAnswer } from './parse-bulk-answer.ts'

const CONFLICT = 409
/** Its error if there is a document with this id already. */
const THERE_ALREADY = 'version_conflict_engine_exception'

/** @param at what the names of the settings begin with */
function check(code: FaultCode, at: string): string {
  switch (code) {
    case 'payloadRefused':
      return 'Check the index template (integrations/elastic) and the ingest pipeline of the data stream.'
    case 'unauthorized':
      return `Check that the API key in ${at}TOKEN may auto-configure and create documents in logs-entra_risk.*, and that the index is not blocked.`
    case 'notFound':
      return 'Check that the index template (integrations/elastic) is installed and that indices may be created automatically.'
    default:
      return 'If this persists, check the cluster: its health, disks and write queues.'
  }
}

/** Why an item was not stored; `undefined` if it is, by this request or an earlier one. */
function itemFault(item: BulkItem, { retryAfterMs }: Answer, receiver: Receiver): Fault | undefined {
  const { status, errorType, isInFailureStore } = item
  if (isInFailureStore)
    return recordFault(
      'payloadRefused',
      `Elasticsearch at ${receiver.host} put this event into the failure store of its data stream, where no rule looks. ${check('payloadRefused', receiver.settingsPrefix)}`,
      { status },
    )
  if (isAccepted(status)) return undefined
  if (status === CONFLICT && (errorType ?? THERE_ALREADY) === THERE_ALREADY) return undefined
  const answered = `Elasticsearch at ${receiver.host} answered ${status}${errorType === undefined ? '' : ` (${errorType})`} for this event`
  return statusFault({ status, retryAfterMs }, answered, (code) => check(code, receiver.settingsPrefix))
}

const noBulkAnswer = ({ status, isCutOff }: Answer, { host, settingsPrefix }: Receiver): Fault =>
  isCutOff
    ? transientFault(
        'unreachable',
        `The answer of Elasticsearch at ${host} was cut off before it said which events are stored.`,
        { status },
      )
    : sinkFault(
        'answerUnexpected',
        `What answers at ${host} said ${status}, but not what became of each event, as Elasticsearch's bulk API does. Check that ${settingsPrefix}URL ends in /_bulk, and what is in front of the cluster.`,
        { status },
      )

/** Whether an answer is about this batch, item by item. */
const isAbout = (items: readonly BulkItem[], batch: readonly EncodedEvent[]): boolean =>
  items.length === batch.length &&
  items.every(({ id }, index) => id === undefined || id === batch[index]?.eventId)

/**
 * The outcome of a delivery. The status of the whole means nothing but that the request was read;
 * each item has its own, in the order of the events. 409 means that the event is there already.
 * https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk
 */
export function bulkOutcome(
  answer: Answer,
  batch: readonly EncodedEvent[],
  receiver: Receiver,
): DeliveryOutcome {
  const fault = answerFault(answer, receiver)
  if (fault !== undefined) return failed(fault)
  const items = parseBulkAnswer(answer.body.toString())
  if (items === undefined || !isAbout(items, batch)) return failed(noBulkAnswer(answer, receiver))
  const faults = items.map((item) => itemFault(item, answer, receiver))
  const [first] = faults
  // One fault of all is that of the request: it is tried again as a whole.
  if (first !== undefined && first.scope !== 'record' && faults.every((one) => one?.code === first.code))
    return failed(first)
  const byEvent = batch.flatMap(({ eventId }, index) => {
    const itsFault = faults[index]
    return itsFault === undefined ? [] : [[eventId, itsFault] as const]
  })
  return byEvent.length === 0
    ? DELIVERED
    : { status: 'partial', failed: new Map<EventId, Fault>(byEvent), isPerEvent: true }
}
