import {
  encodeLong,
  encodeMap,
  encodeString,
  encodeSymbol,
  encodeTimestamp,
  entriesOf,
  type MapEntry,
} from './amqp-value.ts'
import type { MessagePosition } from './message-position.ts'
import { type EncodedMessage, sectionCode } from './message-sections.ts'

const partitionKeyAnnotation = 'x-opt-partition-key'
const keys = {
  sequenceNumber: encodeSymbol('x-opt-sequence-number'),
  offset: encodeSymbol('x-opt-offset'),
  enqueuedTime: encodeSymbol('x-opt-enqueued-time'),
  partitionKey: encodeSymbol(partitionKeyAnnotation),
}
/** Annotations that only the broker sets. */
const brokerAnnotations: ReadonlySet<string> = new Set([
  'x-opt-sequence-number',
  'x-opt-offset',
  'x-opt-enqueued-time',
  partitionKeyAnnotation,
])
const messageAnnotationsDescriptor = Buffer.from([0x00, 0x53, sectionCode.messageAnnotations])
const nothing = Buffer.alloc(0)

/**
 * The message as readers receive it: the broker's annotations (position, time, partition key) added
 * to the sender's own, every other section byte for byte. Built once, on storing, so that delivery
 * copies nothing. Source of the names:
 * https://learn.microsoft.com/azure/event-hubs/event-hubs-amqp-protocol-guide
 */
export function annotateMessage(
  message: EncodedMessage,
  position: MessagePosition,
  partitionKey: string | undefined,
): Buffer {
  const { bytes, sections } = message
  const header = sections.find((section) => section.code === sectionCode.header)
  const rest = sections.find((section) => section.code >= sectionCode.properties)
  const kept = annotationsOf(message).filter((entry) => !brokerAnnotations.has(entry.key))
  const entries = [
    ...kept.map((entry) => entry.raw),
    keys.sequenceNumber,
    encodeLong(position.sequenceNumber),
    keys.offset,
    encodeString(position.offset),
    keys.enqueuedTime,
    encodeTimestamp(position.enqueuedAtMs),
  ]
  if (partitionKey !== undefined) entries.push(keys.partitionKey, encodeString(partitionKey))
  const added = partitionKey === undefined ? 3 : 4
  return Buffer.concat([
    header === undefined ? nothing : bytes.subarray(header.start, header.end),
    messageAnnotationsDescriptor,
    encodeMap(kept.length + added, entries),
    rest === undefined ? nothing : bytes.subarray(rest.start),
  ])
}

/** The partition key set by the sender on a message or a batch envelope. */
export function partitionKeyOf(message: EncodedMessage): string | undefined {
  const entry = annotationsOf(message).find((one) => one.key === partitionKeyAnnotation)
  const text = entry?.value.toString('utf8', entry.value[0] === 0xb1 ? 5 : 2)
  return entry?.value[0] === 0xa1 || entry?.value[0] === 0xb1 ? text : undefined
}

function annotationsOf({ bytes, sections }: EncodedMessage): readonly MapEntry[] {
  const section = sections.find((one) => one.code === sectionCode.messageAnnotations)
  if (section === undefined) return []
  return entriesOf(bytes.subarray(section.value, section.end)) ?? []
}
