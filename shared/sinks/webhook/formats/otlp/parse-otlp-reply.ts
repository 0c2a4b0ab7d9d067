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

/** A field of a message: a number, or the bytes of a text or message. */
type Value = number | Buffer

/** Fields of a message of Protocol Buffers, by number; `undefined`: it is none. */
function parseMessage(bytes: Buffer): ReadonlyMap<number, Value> | undefined {
  const fields = new Map<number, Value>()
  let at = 0
  const varint = (): number | undefined => {
    let value = 0
    for (let scale = 1; at < bytes.length; scale *= 0x80) {
      const byte = bytes[at++] as number
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    return undefined
  }
  while (at < bytes.length) {
    const tag = varint()
    const value = varint()
    if (tag === undefined || value === undefined) return undefined
    const field = Math.floor(tag / 8)
    if (tag % 8 === 0) fields.set(field, value)
    else if (tag % 8 === 2 && value <= bytes.length - at) {
      fields.set(field, bytes.subarray(at, at + value))
      at += value
    } else return undefined
  }
  return fields
}

const PARTIAL_SUCCESS = 1
const REJECTED_LOG_RECORDS = 1

/** https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/collector/logs/v1/logs_service.proto */
function parseProtobuf(body: Buffer): OtlpReply | undefined {
  const partial =
    parseMessage(body)?.get(PARTIAL_SUCCESS) ?? (body.length === 0 ? Buffer.alloc(0) : undefined)
  if (!Buffer.isBuffer(partial)) return undefined
  const fields = parseMessage(partial)
  const rejected = fields?.get(REJECTED_LOG_RECORDS) ?? 0
  return fields === undefined || typeof rejected !== 'number' ? undefined : { rejected }
}

/**
 * Parses an `ExportLogsServiceResponse`, in Protocol Buffers as the specification says, or in JSON as
 * some receivers answer all the same; `undefined` for anything else. No body is a full success.
 */
export const parseOtlpReply = (body: Buffer): OtlpReply | undefined =>
  body[0] === OPEN_OBJECT ? parseJson(body.toString()) : parseProtobuf(body)
