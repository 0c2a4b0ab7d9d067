import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../emulators/http/read-body.ts'
import { FEED_CONTENT_TYPES, type FeedContentType, feedContentType } from '../stack/feed/feed-body.ts'
import { MAX_MESSAGE_BYTES } from '../stack/feed/feed-message.ts'
import { answerJson } from './answer.ts'

/** Sends a posted body to the hub; rejects if the hub does not take it. */
export type SendFeed = (
  body: Uint8Array,
  contentType: FeedContentType,
) => Promise<{ readonly messages: number }>

/**
 * `POST /feed`. Accepts only content types that another origin cannot send without a preflight
 * request. Answers 202 with the number of messages, 400 for an empty body, 413, 415, or 503 if the
 * hub did not take it.
 */
export async function feedRoute(
  request: IncomingMessage,
  response: ServerResponse,
  send: SendFeed,
): Promise<void> {
  const contentType = feedContentType(request.headers['content-type'])
  if (contentType === undefined) {
    request.resume()
    answerJson(response, 415, { problem: `Set the content type to one of ${FEED_CONTENT_TYPES.join(', ')}.` })
    return
  }
  const body = await readBody(request, MAX_MESSAGE_BYTES)
  if (body === undefined) {
    response.setHeader('connection', 'close')
    answerJson(response, 413, {
      problem: `More than ${MAX_MESSAGE_BYTES} bytes, which is what an Event Hub takes.`,
    })
    return
  }
  if (body.length === 0 && contentType !== 'application/octet-stream') {
    answerJson(response, 400, { problem: 'The body is empty. Send a record, or an envelope of records.' })
    return
  }
  try {
    answerJson(response, 202, await send(body, contentType))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    answerJson(response, 503, { problem: `The hub did not take it: ${reason}` })
  }
}
