import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Reply } from './reply.ts'

export interface RequestHead {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

/** A request that brings events, and how the exchange ends. */
export interface Exchange extends RequestHead {
  /** As `StoredRequest` has it. */
  readonly answered: Promise<boolean>
}

/** What tells one receiving server from another. */
export interface ReceivingService<Body> {
  /** Whether a request brings events; any other is shown a page, by no script. */
  isDelivery(head: RequestHead): boolean
  /** The answer to what brings no events; `undefined`: no such page. */
  page(head: RequestHead): Reply | undefined
  /** Reads a request to its end. Throws only if the sender leaves in the middle. */
  read(request: IncomingMessage): Promise<Body>
  /** Stores what a request brings; the answer is sent only after it. */
  take(exchange: Exchange, body: Body): Promise<Reply>
  /** Notes why a request was not taken. */
  refused(reply: Reply): Reply
}
