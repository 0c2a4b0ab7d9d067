import { serializer } from './serializer.ts'

/** What an answer to OTLP says. */
export interface OtlpReply {
  /** Number of log records that the receiver refused. */
  readonly rejected: number
}

const OPEN_OBJECT = 0x7b

const hasOnly = (value: unknown, ...names: readonly string[]): value is object =>
  typeof value === 'object' && value !== null && Object.keys(value).every((name) => names.includes(name))

/** The JSON form, in which 64-bit integers are strings. */
function parseJson(text: string): OtlpReply | undefined {
  let reply: unknown
  try {
    reply = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!hasOnly(reply, 'partialSuccess')) return undefined
  const partial: unknown = Reflect.get(reply, 'partialSuccess') ?? {}
  if (!hasOnly(partial, 'rejectedLogRecords', 'errorMessage')) return undefined
  const rejected = Number(Reflect.get(partial, 'rejectedLogRecords') ?? 0)
  return Number.isSafeInteger(rejected) ? { rejected } : undefined
}

/**
 * Parses an `ExportLogsServiceResponse`, in Protocol Buffers as the specification says, or in JSON as
 * some receivers answer all the same; `undefined` for anything else. No body is a full success.
 */
export function parseOtlpReply(body: Buffer): OtlpReply | undefined {
  if (body[0] === OPEN_OBJECT) return parseJson(body.toString())
  try {
    return { rejected: serializer().deserializeResponse(body).partialSuccess?.rejectedLogRecords ?? 0 }
  } catch {
    return undefined
  }
}
