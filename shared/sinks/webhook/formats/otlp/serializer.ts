import { InvariantError } from '../../../../domain/invariant-error.ts'

/** OpenTelemetry's own serializer of logs, and reader of the answers to them. */
export type LogsSerializer = typeof import('@opentelemetry/otlp-transformer')['ProtobufLogsSerializer']
export type LogRecord = Parameters<LogsSerializer['serializeRequest']>[0][number]

let loaded: LogsSerializer | undefined

/** Loads the serializer; apart from this format, nobody pays for it. */
export async function loadSerializer(): Promise<void> {
  loaded ??= (await import('@opentelemetry/otlp-transformer')).ProtobufLogsSerializer
}

/** The serializer, which must have been loaded. */
export function serializer(): LogsSerializer {
  if (loaded === undefined) throw new InvariantError('The serializer of OTLP is not loaded.')
  return loaded
}
