import { gunzipSync } from 'node:zlib'
import type { DestinationCounts } from './counts.ts'
import { IdSet } from './id-set.ts'

const DIGITS_OF_32_BITS = 8
const SIZE_BYTES = 4
const MIN_CHUNK_BYTES = 64
const MAX_CHUNK_BYTES = 64 * 1024 * 1024

/**
 * Unpacks bodies and counts distinct event ids, whatever the sender believes. Only when asked: a
 * destination is another machine, whose work takes no core from the sender.
 */
export class IdCounter {
  readonly #ids = new IdSet()
  readonly #marker: Buffer
  #uncounted: Buffer[] = []
  #requests = 0
  #wireBytes = 0

  /** @param marker what stands before an id of at least 16 hex digits in this destination's form */
  constructor(marker: string) {
    this.#marker = Buffer.from(marker)
  }

  take(body: Buffer): void {
    this.#requests += 1
    this.#wireBytes += body.byteLength
    this.#uncounted.push(body)
  }

  /** Of all that was taken so far. */
  count(): DestinationCounts {
    for (const body of this.#uncounted) this.#countIn(body)
    this.#uncounted = []
    return { distinct: this.#ids.size, requests: this.#requests, wireBytes: this.#wireBytes }
  }

  #countIn(body: Buffer): void {
    const content = gunzipWhole(body)
    const marker = this.#marker
    for (let at = content.indexOf(marker); at !== -1; at = content.indexOf(marker, at)) {
      at += marker.byteLength
      this.#ids.add(hexAt(content, at), hexAt(content, at + DIGITS_OF_32_BITS))
    }
  }
}

/** In one piece: pieces of 16 kB, the default, would be collected and copied together. */
function gunzipWhole(body: Buffer): Buffer {
  // The last four bytes are the content's size; one more byte says that nothing follows it.
  const bytes = body.byteLength < SIZE_BYTES ? 0 : body.readUInt32LE(body.byteLength - SIZE_BYTES) + 1
  return gunzipSync(body, { chunkSize: Math.min(Math.max(bytes, MIN_CHUNK_BYTES), MAX_CHUNK_BYTES) })
}

/** Eight hex digits, in lower or upper case. */
function hexAt(content: Buffer, start: number): number {
  let value = 0
  for (let at = start; at < start + DIGITS_OF_32_BITS; at++) {
    const digit = content[at] ?? 0
    value = (value << 4) | ((digit & 0xf) + (digit >> 6) * 9)
  }
  return value >>> 0
}
