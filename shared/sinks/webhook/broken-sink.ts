import { failed, type Sink } from '../../delivery/sink.ts'
import { sinkFault } from '../../domain/fault.ts'

/**
 * A destination that could not be set up, as a sink: everything for it is pending until its settings
 * are right, which then deliver it. Nothing else is touched.
 * @param problems what is wrong with its settings, without values
 */
export function brokenSink(name: string, problems: readonly string[]): Sink {
  const fault = sinkFault(
    'notConfigured',
    `The destination ${name} cannot be set up: ${problems.join('; ')}. Its events are kept and delivered once the app settings are right.`,
  )
  return {
    name,
    limits: { maxEvents: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER },
    encode: ({ event: { eventId } }) => ({ eventId }),
    sizeOf: () => 0,
    deliver: async () => failed(fault),
    check: async () => fault,
  }
}
