import type { ByteWriter } from '../../../../encoding/byte-writer.ts'

// The part of Protocol Buffers that a log needs: https://protobuf.dev/programming-guides/encoding/

const MORE = 0x80
const SEVEN_BITS = 0x7f
const FIXED_64 = 1
const DELIMITED = 2

/** Bytes of a number from 0 as a varint. */
export function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest > SEVEN_BITS; rest = Math.floor(rest / MORE)) bytes += 1
  return bytes
}

/** A number from 0; beyond 32 bits too. */
export function writeVarint(out: ByteWriter, value: number): void {
  let rest = value
  while (rest > SEVEN_BITS) {
    out.byte((rest % MORE) | MORE)
    rest = Math.floor(rest / MORE)
  }
  out.byte(rest)
}

/** The beginning of a string, of bytes or of a message; fields below 16. */
export function writeLength(out: ByteWriter, field: number, length: number): void {
  out.byte((field << 3) | DELIMITED)
  writeVarint(out, length)
}

/** Bytes of a field with a string, bytes or a message of this length. */
export const delimitedBytes = (length: number): number => 1 + varintBytes(length) + length

/** A field with a varint. */
export function writeNumber(out: ByteWriter, field: number, value: number): void {
  out.byte(field << 3)
  writeVarint(out, value)
}

export function writeFixed64(out: ByteWriter, field: number, value: bigint): void {
  out.byte((field << 3) | FIXED_64)
  let [rest, high] = [Number(value & 0xffff_ffffn), Number(value >> 32n)]
  for (let n = 0; n < 8; n += 1) {
    if (n === 4) rest = high
    out.byte(rest & 0xff)
    rest >>>= 8
  }
}
