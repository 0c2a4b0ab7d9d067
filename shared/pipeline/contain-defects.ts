import type { Encode } from '../delivery/send/encode-all.ts'
import { failed, type Sink } from '../delivery/sink.ts'
import { recordFault, sinkFault } from '../domain/fault.ts'

const DEFECT = sinkFault(
  'internalFault',
  'This program met a defect of its own while delivering. What is pending stays pending until the age limit; report the defect.',
)

const FORM_DEFECT = recordFault(
  'internalFault',
  'This program met a defect of its own while giving the event its form. Report it, then retry the dead letter.',
)

/** An event that meets a defect of ours is set aside like one that the sink refuses: it must not stop those behind it. */
export const encodeContained =
  (sink: Pick<Sink, 'encode'>, onDefect: (cause: unknown) => void = () => undefined): Encode =>
  (archived) => {
    try {
      return sink.encode(archived)
    } catch (error) {
      onDefect(error)
      return FORM_DEFECT
    }
  }

/**
 * A sink whose defects of ours are faults of its own: what is pending for it waits, is probed and grows old as with a sink that is down. Thrown,
 * they would keep the outbox partition, and all that is behind on it, for ever.
 */
export const containDefects = (sink: Sink, onDefect: (cause: unknown) => void): Sink => ({
  ...sink,
  encode: encodeContained(sink),
  async deliver(batch, signal) {
    try {
      return await sink.deliver(batch, signal)
    } catch (error) {
      onDefect(error)
      return failed(DEFECT)
    }
  },
})
