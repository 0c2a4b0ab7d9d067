import { parsesAsBareRecord } from './parse-feed-line.ts'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])
const BLANK = new Set([0x20, 0x09, CARRIAGE_RETURN])

const HEAD = Buffer.from('{"records":[')
const TAIL = Buffer.from(']}')

/**
 * The messages of newline-delimited JSON: one per non-blank line, without line ends (LF or CRLF)
 * and byte order mark. A bare record is wrapped in an envelope, its text unchanged; anything else
 * is sent as is.
 */
export function feedLines(content: Uint8Array): readonly Uint8Array[] {
  return linesOf(content).map((line) => (parsesAsBareRecord(line) ? Buffer.concat([HEAD, line, TAIL]) : line))
}

function linesOf(content: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = []
  let start = startsWithMark(content) ? BYTE_ORDER_MARK.length : 0
  while (start < content.length) {
    const feed = content.indexOf(LINE_FEED, start)
    const next = feed === -1 ? content.length : feed
    const end = next > start && content[next - 1] === CARRIAGE_RETURN ? next - 1 : next
    const line = content.subarray(start, end)
    if (!line.every((byte) => BLANK.has(byte))) lines.push(line)
    start = next + 1
  }
  return lines
}

const startsWithMark = (content: Uint8Array): boolean =>
  BYTE_ORDER_MARK.equals(content.subarray(0, BYTE_ORDER_MARK.length))
