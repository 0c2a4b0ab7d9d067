import { contentOf, endOfValue } from './amqp-value.ts'

/**
 * Codes of the message sections, in their prescribed order. Source: OASIS AMQP 1.0, part 3, section
 * 3.2.
 */
export const sectionCode = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  properties: 0x73,
  data: 0x75,
  value: 0x77,
  footer: 0x78,
} as const

const symbolicCodes: ReadonlyMap<string, number> = new Map([
  ['amqp:header:list', 0x70],
  ['amqp:delivery-annotations:map', 0x71],
  ['amqp:message-annotations:map', 0x72],
  ['amqp:properties:list', 0x73],
  ['amqp:application-properties:map', 0x74],
  ['amqp:data:binary', 0x75],
  ['amqp:amqp-sequence:list', 0x76],
  ['amqp:value:*', 0x77],
  ['amqp:footer:map', 0x78],
])

export interface Section {
  readonly code: number
  readonly start: number
  /** Start of the section's value, after its descriptor. */
  readonly value: number
  readonly end: number
}

/** A message as encoded on the wire, and its sections. */
export interface EncodedMessage {
  readonly bytes: Buffer
  readonly sections: readonly Section[]
}

/** Undefined if the bytes are not a message. */
export function readMessage(bytes: Buffer): EncodedMessage | undefined {
  const sections = sectionsOf(bytes)
  return sections === undefined ? undefined : { bytes, sections }
}

/**
 * The sections of an encoded message; undefined if the bytes are not one, or sections are out of
 * order.
 */
export function sectionsOf(message: Buffer): readonly Section[] | undefined {
  const sections: Section[] = []
  let start = 0
  let pastAnnotations = false
  while (start < message.length) {
    const section = sectionAt(message, start)
    if (section === undefined) return undefined
    if (pastAnnotations && section.code < sectionCode.properties) return undefined
    pastAnnotations ||= section.code >= sectionCode.properties
    sections.push(section)
    start = section.end
  }
  return sections.length > 0 ? sections : undefined
}

function sectionAt(message: Buffer, start: number): Section | undefined {
  if (message[start] !== 0x00) return undefined
  const value = endOfValue(message, start + 1)
  const end = endOfValue(message, start)
  if (value === undefined || end === undefined) return undefined
  const code = codeOf(message.subarray(start + 1, value))
  if (code === undefined || code < sectionCode.header || code > sectionCode.footer) return undefined
  return { code, start, value, end }
}

function codeOf(descriptor: Buffer): number | undefined {
  if (descriptor[0] === 0x53) return descriptor[1]
  if (descriptor[0] === 0x80) return Number(descriptor.readBigUInt64BE(1))
  const symbol = contentOf(descriptor)
  return symbol === undefined ? undefined : symbolicCodes.get(symbol.toString('ascii'))
}
