/** As much of a body as was read. */
export interface BodyBeginning {
  readonly text: string
  /** Whether the body ended early. */
  readonly isCutOff: boolean
}

/** Most bytes read of an answer. */
export const MAX_ANSWER_BYTES = 65_536

/**
 * The beginning of an answer's body, or what arrived before it broke off: the status is what
 * counts.
 */
export async function beginningOfBody(body: AsyncIterable<unknown> | undefined): Promise<BodyBeginning> {
  const chunks: Buffer[] = []
  let bytes = 0
  let isCutOff = false
  try {
    for await (const chunk of (body ?? []) as AsyncIterable<Buffer>) {
      chunks.push(Buffer.from(chunk))
      bytes += chunk.length
      // Leaving the loop destroys the stream and its connection.
      if (bytes >= MAX_ANSWER_BYTES) break
    }
  } catch {
    isCutOff = true
  }
  return { text: Buffer.concat(chunks).toString('utf8', 0, MAX_ANSWER_BYTES), isCutOff }
}
