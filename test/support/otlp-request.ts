import { createRequire } from 'node:module'

/** The part of the generated messages that is used. */
interface Message {
  decode(bytes: Uint8Array): object
  encode(message: object): { finish(): Uint8Array }
  toObject(message: object, options: object): object
}

const { opentelemetry } = createRequire(import.meta.url)('otlp-messages/build/src/generated/root.js')
const { ExportLogsServiceRequest, ExportLogsServiceResponse }: Readonly<Record<string, Message>> =
  opentelemetry.proto.collector.logs.v1

interface Value {
  readonly stringValue?: string
  readonly boolValue?: boolean
  readonly intValue?: string
  readonly doubleValue?: number
  readonly arrayValue?: { readonly values?: readonly Value[] }
  readonly kvlistValue?: { readonly values?: readonly Pair[] }
}
interface Pair {
  readonly key: string
  readonly value: Value
}

/** What an `AnyValue` holds. */
function held({ stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue }: Value): unknown {
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(held)
  if (kvlistValue !== undefined) return attributesOf(kvlistValue.values)
  if (intValue !== undefined) return Number(intValue)
  return stringValue ?? boolValue ?? doubleValue
}

const attributesOf = (pairs: readonly Pair[] = []): Readonly<Record<string, unknown>> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, held(value)]))

interface Request {
  readonly resourceLogs?: readonly {
    readonly resource: { readonly attributes?: readonly Pair[] }
    readonly scopeLogs?: readonly {
      readonly scope: object
      readonly logRecords?: readonly { readonly attributes?: readonly Pair[]; readonly body: Value }[]
    }[]
  }[]
}

/** A log record as a receiver reads it. */
export interface ReadLog {
  readonly timeUnixNano: string
  readonly observedTimeUnixNano: string
  readonly severityNumber?: number
  readonly severityText?: string
  readonly eventName: string
  readonly body: string
  readonly resource: Readonly<Record<string, unknown>>
  readonly scope: object
  readonly attributes: Readonly<Record<string, unknown>>
}

/** The log records in the body of a request, read by protobufjs and OpenTelemetry's own messages. */
export function logsOf(body: Uint8Array): readonly ReadLog[] {
  const request: Request = ExportLogsServiceRequest?.toObject(ExportLogsServiceRequest.decode(body), {
    longs: String,
  }) as object
  return (request.resourceLogs ?? []).flatMap(({ resource, scopeLogs = [] }) =>
    scopeLogs.flatMap(({ scope, logRecords = [] }) =>
      logRecords.map(
        (record) =>
          ({
            ...record,
            resource: attributesOf(resource.attributes),
            scope,
            attributes: attributesOf(record.attributes),
            body: held(record.body),
          }) as object as ReadLog,
      ),
    ),
  )
}

/** The body of an answer that refuses this many log records. */
export const otlpRefusal = (rejectedLogRecords: number, errorMessage: string): Buffer =>
  Buffer.from(
    ExportLogsServiceResponse?.encode({ partialSuccess: { rejectedLogRecords, errorMessage } }).finish() ??
      [],
  )
