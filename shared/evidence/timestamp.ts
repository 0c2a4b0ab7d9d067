import { hash } from 'node:crypto'
import { createHttpHeaders, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline'
import { EvidenceError } from './evidence-error.ts'
import { DER_INTEGER, DER_SEQUENCE, der, derInteger, parseDer } from './keys/der.ts'

const OCTET_STRING = 0x04
const NULL = Buffer.of(0x05, 0x00)
const TRUE = Buffer.of(0x01, 0x01, 0xff)
const SHA_256 = Buffer.from('0609608648016503040201', 'hex')
const VERSION = derInteger(Buffer.of(1))
const NONCE_BYTES = 8
const MAX_ANSWER_BYTES = 64 * 1024
/** Granted, or granted with modifications: RFC 3161, 2.4.2. */
const GRANTED = new Set([0, 1])

/** The nonce of a request: ties an answer to it. */
export const nonceOf = (newId: () => string): Buffer =>
  hash('sha256', newId(), 'buffer').subarray(0, NONCE_BYTES)

/**
 * A time stamp request over some content, with the authority's certificate in the answer:
 * [RFC 3161, 2.4.1](https://www.rfc-editor.org/rfc/rfc3161#section-2.4.1).
 */
export function timestampRequest(content: Buffer, nonce: Buffer): Buffer {
  const digest = hash('sha256', content, 'buffer')
  const imprint = der(DER_SEQUENCE, der(DER_SEQUENCE, SHA_256, NULL), der(OCTET_STRING, digest))
  return der(DER_SEQUENCE, VERSION, imprint, derInteger(nonce), TRUE)
}

/**
 * Whether an answer grants a time stamp for this content and nonce. Does not check its signature:
 * that takes the authority's certificate, which the reader of the log chooses to trust.
 */
export function isGranted(answer: Buffer, content: Buffer, nonce: Buffer): boolean {
  const whole = parseDer(answer)
  if (whole?.tag !== DER_SEQUENCE || whole.end !== answer.length) return false
  const status = parseDer(whole.content)
  const code = status?.tag === DER_SEQUENCE ? parseDer(status.content) : undefined
  if (code?.tag !== DER_INTEGER || code.content.length !== 1 || !GRANTED.has(code.content[0] ?? -1))
    return false
  const token = whole.content.subarray(status?.end ?? 0)
  return token.includes(hash('sha256', content, 'buffer')) && token.includes(derInteger(nonce))
}

/** Gets a time stamp of some content. */
export type Timestamp = (content: Buffer, signal: AbortSignal) => Promise<Buffer>

/** A time stamp authority by HTTP: RFC 3161, 3.4. */
export const timestampAuthority =
  (url: string, httpClient: HttpClient, newId: () => string): Timestamp =>
  async (content, abortSignal) => {
    const nonce = nonceOf(newId)
    const { status, readableStreamBody } = await httpClient.sendRequest(
      createPipelineRequest({
        url,
        method: 'POST',
        headers: createHttpHeaders({
          'content-type': 'application/timestamp-query',
          accept: 'application/timestamp-reply',
        }),
        body: timestampRequest(content, nonce),
        // The token is signed: its authenticity does not depend on the connection.
        allowInsecureConnection: true,
        streamResponseStatusCodes: new Set([200]),
        abortSignal,
      }),
    )
    if (status !== 200 || readableStreamBody === undefined) throw new EvidenceError('timestampAnswer')
    const answer = await bounded(readableStreamBody)
    if (!isGranted(answer, content, nonce)) throw new EvidenceError('timestampAnswer')
    return answer
  }

async function bounded(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const blocks: Buffer[] = []
  let bytes = 0
  for await (const block of stream) {
    blocks.push(block as Buffer)
    bytes += (block as Buffer).byteLength
    if (bytes > MAX_ANSWER_BYTES) throw new EvidenceError('timestampAnswer')
  }
  return Buffer.concat(blocks)
}
