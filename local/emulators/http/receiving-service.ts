import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Reply } from './reply.ts'

export interface RequestHead {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

/** A delivery, and how its exchange ends. */
export interface Exchange extends RequestHead {
  /** See `StoredRequest`. */
  readonly answered: Promise<boolean>
}

/** The behaviour specific to one kind of receiver. */
export interface ReceivingService<Body> {
  /** Whether a request delivers events; scripts apply to these only. */
  isDelivery(head: RequestHead): boolean
  /** The answer to any other request; `undefined`: not found. */
  page(head: RequestHead): Reply | undefined
  /** Reads a whole request. Throws only if the sender disconnects. */
  read(request: IncomingMessage): Promise<Body>
  /** Stores a delivery; the answer is sent after that. */
  handle(exchange: Exchange, body: Body): Promise<Reply>
  /** Records why a request was refused. */
  refused(reply: Reply): Reply
}
