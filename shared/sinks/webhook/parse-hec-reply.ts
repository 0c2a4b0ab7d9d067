/** What the collector says beside the HTTP status. */
export interface HecReply {
  readonly code: number
  /** From 0, where the collector stopped at one event. */
  readonly invalidEvent: number | undefined
}

const property = (value: object, name: string): unknown => Reflect.get(value, name)

const wholeNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined

/**
 * Reads `{"text","code","invalid-event-number"}`; `undefined` for a body that is none: a proxy's
 * page, or half of one.
 */
export function parseHecReply(body: string): HecReply | undefined {
  let reply: unknown
  try {
    reply = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof reply !== 'object' || reply === null) return undefined
  const code = wholeNumber(property(reply, 'code'))
  return code === undefined
    ? undefined
    : { code, invalidEvent: wholeNumber(property(reply, 'invalid-event-number')) }
}
