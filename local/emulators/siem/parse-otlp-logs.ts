import { createRequire } from 'node:module'
import type { ReadEvents } from './siem-form.ts'

/** The part of OpenTelemetry's generated messages that is used. */
interface Message {
  decode(bytes: Uint8Array): object
  toObject(message: object, options: { readonly longs: StringConstructor }): object
}

interface Attribute {
  readonly key: string
  readonly value: { readonly stringValue?: string; readonly intValue?: string }
}

interface LogsRequest {
  readonly resourceLogs?: readonly {
    readonly scopeLogs?: readonly {
      readonly logRecords?: readonly { readonly attributes?: readonly Attribute[] }[]
    }[]
  }[]
}

const ID = 'entra.event.id'

function decoded(body: Buffer): LogsRequest {
  const { opentelemetry } = createRequire(import.meta.url)('otlp-messages/build/src/generated/root.js')
  const request: Message = opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest
  return request.toObject(request.decode(body), { longs: String })
}

/** Parses a request of OTLP logs in Protocol Buffers; all or nothing. */
export function parseOtlpLogs(body: Buffer): ReadEvents {
  try {
    const records = (decoded(body).resourceLogs ?? []).flatMap(({ scopeLogs = [] }) =>
      scopeLogs.flatMap(({ logRecords = [] }) => logRecords),
    )
    const events = records.map(({ attributes = [] }) =>
      Object.fromEntries(
        attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? '']),
      ),
    )
    return { ids: events.map((event) => event[ID] ?? ''), events, refusal: undefined }
  } catch {
    const reason = 'the body is no request of OTLP logs'
    return { ids: [], events: [], refusal: { status: 400, body: reason, reason } }
  }
}
