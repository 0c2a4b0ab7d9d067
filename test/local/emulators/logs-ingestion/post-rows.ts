import { request } from 'node:https'
import { text } from 'node:stream/consumers'

export interface RawRequest {
  readonly url: string
  readonly caPem: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** One POST, as any client would make it. */
export const post = ({ url, caPem, headers, body }: RawRequest): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', ca: caPem, headers, agent: false }, (incoming) => {
      const { statusCode: status = 0, headers: answered } = incoming
      text(incoming).then((answer) => resolve({ status, headers: answered, body: answer }), reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
