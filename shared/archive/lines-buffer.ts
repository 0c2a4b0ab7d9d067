const LINE_FEED = 0x0a

/**
 * Lines as UTF-8 bytes, each ended by a line feed. Written one by one: a single character beyond Latin-1 in a joined text would double
 * the memory of all of it, and several times the time.
 */
export function linesBuffer(lines: readonly string[]): Buffer {
  let bytes = 0
  for (const line of lines) bytes += Buffer.byteLength(line) + 1
  const buffer = Buffer.allocUnsafe(bytes)
  let at = 0
  for (const line of lines) {
    at += buffer.write(line, at)
    buffer[at++] = LINE_FEED
  }
  return buffer
}
