import { crc32 } from 'node:zlib'

/** u32 length and u32 CRC of the rest; f64 enqueued time; f64 sequence number; then the message. */
export const frameHeadBytes = 24
const lengthAndCrcBytes = 8
/** Far above the send limit: a greater length means an incomplete or foreign frame. */
const maxFrameBytes = 16 * 1024 * 1024

export interface FrameEntry {
  readonly sequenceNumber: number
  readonly enqueuedAtMs: number
  readonly messageBytes: number
}

export function encodeFrame(sequenceNumber: number, enqueuedAtMs: number, message: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(frameHeadBytes + message.length)
  frame.writeUInt32BE(frame.length - lengthAndCrcBytes, 0)
  frame.writeDoubleBE(enqueuedAtMs, 8)
  frame.writeDoubleBE(sequenceNumber, 16)
  message.copy(frame, frameHeadBytes)
  frame.writeUInt32BE(crc32(frame.subarray(lengthAndCrcBytes)), 4)
  return frame
}

/**
 * The total length of the frame that starts with these bytes; undefined if they cannot start one.
 */
export function frameLength(head: Buffer): number | undefined {
  if (head.length < lengthAndCrcBytes) return undefined
  const length = lengthAndCrcBytes + head.readUInt32BE(0)
  return length >= frameHeadBytes && length <= maxFrameBytes ? length : undefined
}

/** Decodes a frame; undefined if its bytes are damaged. */
export function decodeFrame(frame: Buffer): FrameEntry | undefined {
  if (frameLength(frame) !== frame.length) return undefined
  if (crc32(frame.subarray(lengthAndCrcBytes)) !== frame.readUInt32BE(4)) return undefined
  return {
    sequenceNumber: frame.readDoubleBE(16),
    enqueuedAtMs: frame.readDoubleBE(8),
    messageBytes: frame.length - frameHeadBytes,
  }
}
