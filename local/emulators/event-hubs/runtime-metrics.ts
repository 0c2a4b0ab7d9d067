import { encodeLong, encodeMap, encodeString, encodeSymbol, encodeTimestamp } from './amqp-value.ts'
import type { PartitionState } from './message-position.ts'
import { sectionCode, sectionsOf } from './message-sections.ts'

const keys = {
  sequenceNumber: encodeSymbol('last_enqueued_sequence_number'),
  offset: encodeSymbol('last_enqueued_offset'),
  enqueuedTime: encodeSymbol('last_enqueued_time_utc'),
  retrievalTime: encodeSymbol('runtime_info_retrieval_time_utc'),
}
const deliveryAnnotationsDescriptor = Buffer.from([0x00, 0x53, sectionCode.deliveryAnnotations])

/** The message with delivery annotations that state where the partition ends now. */
export function withRuntimeMetrics(message: Buffer, state: PartitionState, nowMs: number): Buffer {
  const first = sectionsOf(message)?.[0]
  const headerEnd = first?.code === sectionCode.header ? first.end : 0
  const annotations = encodeMap(4, [
    keys.sequenceNumber,
    encodeLong(state.lastSequenceNumber),
    keys.offset,
    encodeString(state.lastOffset),
    keys.enqueuedTime,
    encodeTimestamp(state.lastEnqueuedAtMs),
    keys.retrievalTime,
    encodeTimestamp(nowMs),
  ])
  return Buffer.concat([
    message.subarray(0, headerEnd),
    deliveryAnnotationsDescriptor,
    annotations,
    message.subarray(headerEnd),
  ])
}
