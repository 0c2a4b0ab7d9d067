// The few forms of ASN.1 DER that signatures and time stamp requests need: X.690.

export const DER_INTEGER = 0x02
export const DER_SEQUENCE = 0x30

/** A value with tag and length. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body])
  const digits = body.length.toString(16)
  const length = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex')
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length), length, body])
}

/** A non-negative integer of any size, given in big-endian bytes: in its shortest form. */
export function derInteger(bytes: Uint8Array): Buffer {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1
  const shortest = bytes.subarray(start)
  const isNegative = (shortest[0] ?? 0) >= 0x80
  return der(DER_INTEGER, ...(isNegative ? [Buffer.of(0)] : []), shortest)
}

/** An element of a DER text. */
export interface DerElement {
  readonly tag: number
  readonly content: Buffer
  /** Offset behind the element. */
  readonly end: number
}

/** Reads the element at `at`; `undefined` if it is not whole. */
export function parseDer(bytes: Buffer, at = 0): DerElement | undefined {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined) return undefined
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  // Longer lengths than of 4 GB, and the indefinite one, are not DER of anything read here.
  if ((first >= 0x80 && lengthBytes === 0) || lengthBytes > 4) return undefined
  const start = at + 2 + lengthBytes
  if (start > bytes.length) return undefined
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes)
  const end = start + length
  return end > bytes.length ? undefined : { tag, content: bytes.subarray(start, end), end }
}
