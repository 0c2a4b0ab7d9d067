import type { ReadMessage } from '../domain/read-message.ts'

/**
 * Most message bytes in one archive blob, and so in memory at once for one partition; the format
 * allows 4 MB.
 */
export const MAX_CHUNK_BODY_BYTES = 2 * 1024 * 1024
/**
 * Most records in one archive blob: a line costs hundreds of bytes even where its record has but
 * one.
 */
const MAX_CHUNK_RECORDS = 10_000

/**
 * Cuts a list into runs whose sizes add up to at most `max`; a single larger element stands alone.
 * Keeps the order; no run is empty.
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

/** Cuts a partition's messages into runs of at most `maxBytes` of bodies. */
export const sliceMessages = <M extends { readonly body: Uint8Array }>(
  messages: readonly M[],
  maxBytes: number = MAX_CHUNK_BODY_BYTES,
): readonly (readonly M[])[] => slice(messages, maxBytes, (message) => message.body.byteLength)

/** Cuts messages that were read into runs of at most `maxRecords` records. */
export const sliceByRecords = (
  messages: readonly ReadMessage[],
  maxRecords: number = MAX_CHUNK_RECORDS,
): readonly (readonly ReadMessage[])[] =>
  slice(messages, maxRecords, (message) => (message.status === 'split' ? message.records.length : 1))
