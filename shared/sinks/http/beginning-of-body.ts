/** As much of a body as was read. */
export interface BodyBeginning {
  readonly text: string
  /** The body broke off on its way. */
  readonly isCutOff: boolean
}

/** The most that is read of an answer. */
export const MAX_ANSWER_BYTES = 65_536

/**
 * The beginning of an answer's body; one that breaks off is as long as it got: the status has said
 * what happened.
 */
export async function beginningOfBody(body: AsyncIterable<unknown> | undefined): Promise<BodyBeginning> {
  const chunks: Buffer[] = []
  let bytes = 0
  let isCutOff = false
  try {
    for await (const chunk of (body ?? []) as AsyncIterable<Buffer>) {
      chunks.push(Buffer.from(chunk))
      bytes += chunk.length
      // Leaving the loop destroys the stream, and the connection with it.
      if (bytes >= MAX_ANSWER_BYTES) break
    }
  } catch {
    isCutOff = true
  }
  return { text: Buffer.concat(chunks).toString('utf8', 0, MAX_ANSWER_BYTES), isCutOff }
}
