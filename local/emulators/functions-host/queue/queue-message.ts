/** A storage queue message being processed. */
export interface QueueMessage {
  readonly messageId: string
  /** The text as stored in the queue, still encoded. */
  readonly messageText: string
  readonly popReceipt: string
  readonly dequeueCount: number
  readonly insertedOn: Date
  readonly expiresOn: Date
  readonly nextVisibleOn: Date
}

/** The decoded bytes of a message; undefined if it is not in the encoding set in host.json. */
export function decodeMessageText(text: string, encoding: 'base64' | 'none'): Buffer | undefined {
  if (encoding === 'none') return Buffer.from(text)
  const isBase64 = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
  return isBase64 ? Buffer.from(text, 'base64') : undefined
}
