import { contentOf } from './amqp-value.ts'
import { sectionCode, sectionsOf } from './message-sections.ts'

/**
 * The body of an encoded message, byte for byte as sent: the data sections joined, or the contents
 * of a string or binary value. A body of another type is returned encoded.
 */
export function bodyOf(message: Buffer): Buffer {
  const parts: Buffer[] = []
  for (const section of sectionsOf(message) ?? []) {
    if (section.code < sectionCode.data || section.code > sectionCode.value) continue
    const value = message.subarray(section.value, section.end)
    parts.push(contentOf(value) ?? value)
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
}
