import { contentOf } from './amqp-value.ts'
import { sectionCode, sectionsOf } from './message-sections.ts'

/**
 * The body bytes of an encoded message, exactly as the sender gave them: the data sections joined,
 * or the contents of a string or binary value. A body of another type is given as it is encoded.
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
