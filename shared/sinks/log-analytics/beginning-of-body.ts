import type { PipelineResponse } from '@azure/core-rest-pipeline'

const MAX_ANSWER_BYTES = 65_536

/**
 * The answer's body up to a limit; as much as came, where it breaks off: the status has said what
 * happened.
 */
export async function beginningOfBody({ readableStreamBody }: PipelineResponse): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of readableStreamBody ?? []) {
      chunks.push(Buffer.from(chunk))
      bytes += chunk.length
      // Leaving the loop destroys the stream, and the connection with it.
      if (bytes >= MAX_ANSWER_BYTES) break
    }
  } catch {
    // A broken body changes nothing: neither what the service took, nor what it said of it.
  }
  return Buffer.concat(chunks).toString('utf8', 0, MAX_ANSWER_BYTES)
}
