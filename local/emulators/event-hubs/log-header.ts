import { crc32 } from 'node:zlib'

const magic = Buffer.from('EHLOG001', 'ascii')
export const logHeaderBytes = 32

/** Properties of a whole partition log. */
export interface LogHeader {
  /** When this incarnation was created; UTC, milliseconds since 1970. */
  readonly createdAtMs: number
  /** Lower bound of enqueued times: time continues when a hub is re-created. */
  readonly enqueuedFloorMs: number
}

export function encodeLogHeader(header: LogHeader): Buffer {
  const bytes = Buffer.alloc(logHeaderBytes)
  magic.copy(bytes)
  bytes.writeDoubleBE(header.createdAtMs, 8)
  bytes.writeDoubleBE(header.enqueuedFloorMs, 16)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 24)), 24)
  return bytes
}

export function decodeLogHeader(bytes: Buffer): LogHeader | undefined {
  if (bytes.length !== logHeaderBytes || !bytes.subarray(0, 8).equals(magic)) return undefined
  if (crc32(bytes.subarray(0, 24)) !== bytes.readUInt32BE(24)) return undefined
  return { createdAtMs: bytes.readDoubleBE(8), enqueuedFloorMs: bytes.readDoubleBE(16) }
}
