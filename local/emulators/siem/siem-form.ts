import type { JsonObject } from '../../../shared/encoding/json.ts'
import type { Reply } from '../http/reply.ts'

/**
 * What the receiver makes of a body: the events it would store, and why it refuses the first that
 * it does not.
 */
export interface ReadEvents {
  /** The id of each event, in their order. */
  readonly ids: readonly string[]
  /** As they came, in that order. */
  readonly events: readonly JsonObject[]
  readonly refusal: Reply | undefined
}

/** A request as far as a form looks at it. */
export interface SiemRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** What tells one kind of SIEM from another. */
export interface SiemForm {
  /** Where events are POSTed. */
  readonly path: string
  readonly accepted: Reply
  /** Why a request is not let in, beside its signature. */
  refusal(request: SiemRequest): Reply | undefined
  readEvents(body: Buffer): ReadEvents
  /** The answer to what is not a POST; `undefined`: no such page. */
  page(request: SiemRequest): Reply | undefined
}
