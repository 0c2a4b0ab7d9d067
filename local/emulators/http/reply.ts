import type { ServerResponse } from 'node:http'

/** An HTTP response. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** For the user of the receiver: why. */
  readonly reason?: string
}

export const sendReply = (response: ServerResponse, { status, headers, body }: Reply): void => {
  response.writeHead(status, headers).end(body)
}
