const SLAB_BYTES = 256 * 1024
/** What may take more than this has memory of its own: little of a slab is lost at its end. */
const MAX_BYTES = SLAB_BYTES / 8
/** UTF-8 takes no more for any UTF-16 unit. */
const MAX_BYTES_PER_UNIT = 3

let slab = Buffer.alloc(0)
let used = 0

type Part = string | Buffer

const mostBytes = (part: Part): number => part.length * (typeof part === 'string' ? MAX_BYTES_PER_UNIT : 1)

const asBytes = (part: Part): Buffer => (typeof part === 'string' ? Buffer.from(part) : part)

/**
 * Texts, and bytes that are UTF-8 already, one after the other as UTF-8. Many small results share a
 * piece of memory, so that they cost the garbage collector next to nothing; they are to be let go
 * of together, soon.
 */
export function utf8(...parts: readonly Part[]): Buffer {
  let most = 0
  for (const part of parts) most += mostBytes(part)
  if (most > MAX_BYTES) return Buffer.concat(parts.map(asBytes))
  if (used + most > slab.length) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
    used = 0
  }
  const start = used
  for (const part of parts) {
    if (typeof part === 'string') used += slab.write(part, used)
    else {
      slab.set(part, used)
      used += part.length
    }
  }
  return slab.subarray(start, used)
}
