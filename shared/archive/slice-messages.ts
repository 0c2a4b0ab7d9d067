import type { ReadMessage } from '../domain/read-message.ts'

/** Most message bytes per archive blob, and so in memory per partition; the format allows 4 MB. */
export const MAX_CHUNK_BODY_BYTES = 2 * 1024 * 1024
/** Most records per archive blob: a line costs hundreds of bytes even if its record has one. */
const MAX_CHUNK_RECORDS = 10_000

/**
 * Cuts a list into non-empty runs whose sizes add up to at most `max`, in order; a larger element
 * stands alone.
 */
function slice<T>(
  list: readonly T[],
  max: number,
  sizeOf: (element: T) => number,
): readonly (readonly T[])[] {
  const slices: T[][] = []
  let current: T[] = []
  let size = 0
  for (const element of list) {
    const own = sizeOf(element)
    if (current.length > 0 && size + own > max) {
      slices.push(current)
      current = []
      size = 0
    }
    current.push(element)
    size += own
  }
  if (current.length > 0) slices.push(current)
  return slices
}

const bodyBytes = ({ body }: { readonly body: Uint8Array }): number => body.byteLength

const recordCount = (message: ReadMessage): number =>
  message.status === 'split' ? message.records.length : 1

/** Cuts a partition's messages into runs of at most `maxBytes` of bodies. */
export const sliceMessages = <M extends { readonly body: Uint8Array }>(
  messages: readonly M[],
  maxBytes: number = MAX_CHUNK_BODY_BYTES,
): readonly (readonly M[])[] => slice(messages, maxBytes, bodyBytes)

/** Cuts read messages into runs of at most `maxRecords` records. */
export const sliceByRecords = (
  messages: readonly ReadMessage[],
  maxRecords: number = MAX_CHUNK_RECORDS,
): readonly (readonly ReadMessage[])[] => slice(messages, maxRecords, recordCount)
