/** Most message bytes per archive blob, and so in memory per partition; the format allows 4 MB. */
export const MAX_CHUNK_BODY_BYTES = 2 * 1024 * 1024

/**
 * Cuts a partition's messages into non-empty runs of at most `maxBytes` of bodies, in order; a
 * larger message stands alone.
 */
export function sliceMessages<M extends { readonly body: Uint8Array }>(
  messages: readonly M[],
  maxBytes: number = MAX_CHUNK_BODY_BYTES,
): readonly (readonly M[])[] {
  const slices: M[][] = []
  let current: M[] = []
  let bytes = 0
  for (const message of messages) {
    const { byteLength } = message.body
    if (current.length > 0 && bytes + byteLength > maxBytes) {
      slices.push(current)
      current = []
      bytes = 0
    }
    current.push(message)
    bytes += byteLength
  }
  if (current.length > 0) slices.push(current)
  return slices
}
