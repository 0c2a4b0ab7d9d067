import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../emulators/http/read-body.ts'
import { BEHAVIOURS, type Behaviour } from '../stack/behaviours.ts'
import { answerJson } from './answer.ts'

/** Makes a sink's emulated receiver behave like this; `false` if it has none. */
export type Behave = (sink: string, behaviour: Behaviour) => boolean

const MAX_BYTES = 200
const USAGE = `Send {"behaviour":"…"} as application/json, with one of ${BEHAVIOURS.join(', ')}.`

function parseBehaviour(body: Uint8Array): Behaviour | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString())
    const asked = typeof value === 'object' && value !== null && 'behaviour' in value && value.behaviour
    return BEHAVIOURS.find((known) => known === asked)
  } catch {
    return undefined
  }
}

/**
 * `POST /sinks/<name>`. As for the feed, another origin cannot send the content type without a
 * preflight request. Answers 200 with what was set, 400, 404 for a sink without an emulated
 * receiver, 413 or 415.
 */
export async function switchRoute(
  request: IncomingMessage,
  response: ServerResponse,
  sink: string,
  behave: Behave,
): Promise<void> {
  if (request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() !== 'application/json') {
    request.resume()
    answerJson(response, 415, { problem: USAGE })
    return
  }
  const body = await readBody(request, MAX_BYTES)
  if (body === undefined) {
    response.setHeader('connection', 'close')
    answerJson(response, 413, { problem: USAGE })
    return
  }
  const behaviour = parseBehaviour(body)
  if (behaviour === undefined) answerJson(response, 400, { problem: USAGE })
  else if (behave(sink, behaviour)) answerJson(response, 200, { sink, behaviour })
  else answerJson(response, 404, { problem: `${sink} has no emulated receiver.` })
}
