import { failed, type Sink } from '../delivery/sink.ts'
import { type Fault, recordFault, sinkFault } from '../domain/fault.ts'

const message = (doing: string, next: string): string => `This program met a defect while ${doing}. ${next}`

/**
 * What a defect of this program makes of whatever it met it on: it must not stop what comes after.
 */
export const DEFECT = {
  handlingMessage: recordFault(
    'internalFault',
    message('handling the message', 'The message is archived unchanged; report the defect, then replay.'),
  ),
  encoding: recordFault(
    'internalFault',
    message('encoding the event for the sink', 'Report the defect, then retry the dead letter.'),
  ),
  /** Where nothing says whether the sink has it. */
  settling: recordFault(
    'internalFault',
    message(
      'delivering the event',
      'The sink may have received it; report the defect, then retry the dead letter.',
    ),
  ),
  redelivering: sinkFault(
    'internalFault',
    message('delivering', 'Pending events stay pending until the age limit; report the defect.'),
  ),
  readingArchive: recordFault(
    'internalFault',
    message('reading the archived record', 'Report the defect, then retry the dead letter.'),
  ),
} as const satisfies Readonly<Record<string, Fault>>

/** Does what may meet a defect of ours, or else the next best thing. */
export function contain<T>(work: () => T, otherwise: (cause: unknown) => T): T {
  try {
    return work()
  } catch (cause) {
    return otherwise(cause)
  }
}

/**
 * A sink at which an event that meets a defect while it is encoded is dead-lettered alone, like one
 * that the sink refuses.
 */
export const containEncoding = (sink: Sink, onDefect: (cause: unknown) => void): Sink => ({
  ...sink,
  encode: (archived) =>
    contain(
      () => sink.encode(archived),
      (cause) => {
        onDefect(cause)
        return DEFECT.encoding
      },
    ),
})

/**
 * A sink whose defects of ours are faults of its own: what is pending for it waits, is probed and
 * grows old as with a sink that is down. Thrown, they would keep the outbox partition, and all that
 * is behind on it, for ever.
 */
export const containDefects = (sink: Sink, onDefect: (cause: unknown) => void): Sink => ({
  ...containEncoding(sink, () => undefined),
  async deliver(batch, signal) {
    try {
      return await sink.deliver(batch, signal)
    } catch (cause) {
      onDefect(cause)
      return failed(DEFECT.redelivering)
    }
  },
})
