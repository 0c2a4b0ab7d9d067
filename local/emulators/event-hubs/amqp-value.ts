/**
 * Reads and writes single values of the AMQP 1.0 type system without decoding their contents.
 * Source: OASIS AMQP 1.0, part 1, sections 1.2 (type notation) and 1.6 (primitive types).
 */

const describedConstructor = 0x00
const maxDescriptors = 4

/** Size in bytes of fixed-width values, by the upper half of the type code. */
const fixedWidths: Readonly<Record<number, number>> = { 4: 0, 5: 1, 6: 2, 7: 4, 8: 8, 9: 16 }

/**
 * The position after the value at `start`; undefined if the bytes are not a complete AMQP value.
 */
export function endOfValue(bytes: Buffer, start: number, descriptors = 0): number | undefined {
  const code = bytes[start]
  if (code === undefined) return undefined
  if (code === describedConstructor) {
    if (descriptors >= maxDescriptors) return undefined
    const value = endOfValue(bytes, start + 1, descriptors + 1)
    return value === undefined ? undefined : endOfValue(bytes, value, descriptors + 1)
  }
  const width = widthOf(bytes, start, code >>> 4)
  if (width === undefined) return undefined
  const end = start + 1 + width
  return end <= bytes.length ? end : undefined
}

function widthOf(bytes: Buffer, start: number, category: number): number | undefined {
  const fixed = fixedWidths[category]
  if (fixed !== undefined) return fixed
  if (category < 0xa) return undefined
  const sizeIsOneByte = category % 2 === 0
  if (start + (sizeIsOneByte ? 2 : 5) > bytes.length) return undefined
  return sizeIsOneByte ? 1 + bytes.readUInt8(start + 1) : 4 + bytes.readUInt32BE(start + 1)
}

/** The contents of a binary, string or symbol; undefined for other types. */
export function contentOf(value: Buffer): Buffer | undefined {
  switch (value[0]) {
    case 0xa0:
    case 0xa1:
    case 0xa3:
      return value.subarray(2)
    case 0xb0:
    case 0xb1:
    case 0xb3:
      return value.subarray(5)
    default:
      return undefined
  }
}

export interface MapEntry {
  /** The key; empty if it is neither symbol nor string. */
  readonly key: string
  readonly value: Buffer
  /** Key and value as encoded on the wire. */
  readonly raw: Buffer
}

/** The entries of an encoded map, in order; undefined if the bytes are not a map. */
export function entriesOf(map: Buffer): readonly MapEntry[] | undefined {
  const isMap8 = map[0] === 0xc1
  if (!isMap8 && map[0] !== 0xd1) return undefined
  const entries: MapEntry[] = []
  let at = isMap8 ? 3 : 9
  while (at < map.length) {
    const value = endOfValue(map, at)
    const end = value === undefined ? undefined : endOfValue(map, value)
    if (value === undefined || end === undefined) return undefined
    const key = contentOf(map.subarray(at, value))?.toString('utf8') ?? ''
    entries.push({ key, value: map.subarray(value, end), raw: map.subarray(at, end) })
    at = end
  }
  return entries
}

export function encodeSymbol(text: string): Buffer {
  return Buffer.concat([Buffer.from([0xa3, Buffer.byteLength(text)]), Buffer.from(text, 'ascii')])
}

export function encodeString(text: string): Buffer {
  const utf8 = Buffer.from(text, 'utf8')
  if (utf8.length <= 0xff) return Buffer.concat([Buffer.from([0xa1, utf8.length]), utf8])
  const prefix = Buffer.alloc(5, 0xb1)
  prefix.writeUInt32BE(utf8.length, 1)
  return Buffer.concat([prefix, utf8])
}

export function encodeLong(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0x81)
  bytes.writeBigInt64BE(BigInt(value), 1)
  return bytes
}

/** `atMs`: milliseconds since 1970. */
export function encodeTimestamp(atMs: number): Buffer {
  const bytes = encodeLong(Math.trunc(atMs))
  bytes[0] = 0x83
  return bytes
}

/** A map32 of encoded entries: keys and values alternating, or already joined. */
export function encodeMap(entryCount: number, encodedEntries: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(9, 0xd1)
  const bytes = encodedEntries.reduce((sum, entry) => sum + entry.length, 0)
  head.writeUInt32BE(4 + bytes, 1)
  head.writeUInt32BE(entryCount * 2, 5)
  return Buffer.concat([head, ...encodedEntries])
}
