/** As much of a body as was read. */
export interface BodyBeginning {
  readonly bytes: Buffer
  /** Whether the body ended early. */
  readonly isCutOff: boolean
}

/** Most bytes read of an answer, unless more are needed. */
export const MAX_ANSWER_BYTES = 65_536

/**
 * The beginning of an answer's body, or what arrived before it broke off: the status is what
 * counts.
 */
export async function beginningOfBody(
  body: AsyncIterable<unknown> | undefined,
  maxBytes = MAX_ANSWER_BYTES,
): Promise<BodyBeginning> {
  const chunks: Buffer[] = []
  let bytes = 0
  let isCutOff = false
  try {
    for await (const chunk of (body ?? []) as AsyncIterable<Buffer>) {
      chunks.push(Buffer.from(chunk))
      bytes += chunk.length
      // Leaving the loop destroys the stream and its connection.
      if (bytes >= maxBytes) break
    }
  } catch {
    isCutOff = true
  }
  return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), isCutOff }
}
