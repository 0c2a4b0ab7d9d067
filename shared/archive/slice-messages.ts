/** Most message bytes in one archive blob, and so in memory at once for one partition. */
export const MAX_CHUNK_BODY_BYTES = 4 * 1024 * 1024

/**
 * Cuts a partition's messages into runs of at most `maxBytes` of bodies; a single larger message stands alone.
 * Keeps the order; loses nothing; no run is empty.
 */
export function sliceMessages<M extends { readonly body: Uint8Array }>(
  messages: readonly M[],
  maxBytes: number = MAX_CHUNK_BODY_BYTES,
): readonly (readonly M[])[] {
  const slices: M[][] = []
  let current: M[] = []
  let bytes = 0
  for (const message of messages) {
    if (current.length > 0 && bytes + message.body.byteLength > maxBytes) {
      slices.push(current)
      current = []
      bytes = 0
    }
    current.push(message)
    bytes += message.body.byteLength
  }
  if (current.length > 0) slices.push(current)
  return slices
}
