import type { Reply } from '../http/reply.ts'
import type { JsonObject } from '../json.ts'

/** The events of a body that are stored, and why the first other one is refused. */
export interface ReadEvents {
  /** Event ids, in order. */
  readonly ids: readonly string[]
  /** As received, in the same order. */
  readonly events: readonly JsonObject[]
  readonly refusal: Reply | undefined
  /** The answer, where the form has no fixed one. */
  readonly answer?: Reply
}

/** The parts of a request that a form checks. */
export interface SiemRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** The behaviour specific to one kind of SIEM. */
export interface SiemForm {
  /** Path for POSTing events. */
  readonly path: string
  readonly accepted: Reply
  /** Why a request is refused, apart from its signature. */
  refusal(request: SiemRequest): Reply | undefined
  readEvents(body: Buffer, request: SiemRequest): ReadEvents
  /** The answer to anything but a POST; `undefined`: not found. */
  page(request: SiemRequest): Reply | undefined
}
