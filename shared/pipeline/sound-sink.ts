import { failed, type Sink } from '../delivery/sink.ts'
import { sinkFault } from '../domain/fault.ts'

const DEFECT = sinkFault(
  'internalFault',
  'This program met a defect of its own while delivering. What is owed stays owed until the age limit; report the defect.',
)

/**
 * A sink whose defects of ours are faults of its own: what is owed to it waits, is probed and grows old as with a sink that is down. Thrown,
 * they would keep the page, and all that is behind on it, for ever.
 */
export const soundSink = (sink: Sink, onDefect: (cause: unknown) => void): Sink => ({
  ...sink,
  async deliver(batch, signal) {
    try {
      return await sink.deliver(batch, signal)
    } catch (error) {
      onDefect(error)
      return failed(DEFECT)
    }
  },
})
