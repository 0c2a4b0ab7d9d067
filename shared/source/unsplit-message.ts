import { isUtf8 } from 'node:buffer'
import type { Fault } from '../domain/fault.ts'
import type { Message } from '../domain/position.ts'
import type { QuotedContent, UnsplitMessage } from '../domain/read-message.ts'
import { digest } from '../encoding/digest.ts'

/** Exact bytes: as text if they are UTF-8, else as Base64. */
const exactBody = (body: Uint8Array): QuotedContent => {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  return isUtf8(bytes)
    ? { form: 'text', text: bytes.toString('utf8') }
    : { form: 'base64', text: bytes.toString('base64') }
}

/** A whole message in which no records were found, with the reason. */
export const unsplitMessage = ({ position, body }: Message, fault: Fault): UnsplitMessage => ({
  status: 'unsplit',
  position,
  bodyBytes: body.byteLength,
  bodyDigest: () => digest(body),
  fault,
  body: exactBody(body),
})
