/** The collector's answer besides the HTTP status. */
export interface HecReply {
  readonly code: number
  /** Index of the event at which the collector stopped, from 0, if it did. */
  readonly invalidEvent: number | undefined
}

const property = (value: object, name: string): unknown => Reflect.get(value, name)

const wholeNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined

/**
 * Parses `{"text","code","invalid-event-number"}`; `undefined` for anything else, such as a proxy's
 * page or a truncated body.
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
