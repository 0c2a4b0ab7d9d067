import { readFile, stat } from 'node:fs/promises'
import { CannotRunError } from './usage-error.ts'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, CARRIAGE_RETURN])
/** Per file; more would be a load test. */
const MAX_FILE_BYTES = 256 * 1024 * 1024

/** The non-blank lines of newline-delimited JSON, unchanged, without line ends. */
export function messageLines(content: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = []
  for (let start = 0; start < content.length; ) {
    const feed = content.indexOf(LINE_FEED, start)
    const next = feed === -1 ? content.length : feed
    const end = next > start && content[next - 1] === CARRIAGE_RETURN ? next - 1 : next
    const line = content.subarray(start, end)
    if (!line.every((byte) => BLANKS.has(byte))) lines.push(line)
    start = next + 1
  }
  return lines
}

/**
 * The messages of a file: the whole file byte for byte, or its lines if named `.ndjson`.
 * @throws CannotRunError for a file that cannot be read
 */
export async function readMessageFile(path: string): Promise<readonly Uint8Array[]> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined || !found.isFile())
    throw new CannotRunError(`Reading ${path}: file not found or not readable.`)
  if (found.size > MAX_FILE_BYTES)
    throw new CannotRunError(`Reading ${path}: more than ${MAX_FILE_BYTES} bytes. Send it in parts.`)
  const content = await readFile(path)
  return path.toLowerCase().endsWith('.ndjson') ? messageLines(content) : [content]
}
