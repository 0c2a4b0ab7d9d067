import { failed, type Sink } from '../delivery/sink.ts'
import { type Fault, recordFault, sinkFault } from '../domain/fault.ts'

const message = (doing: string, next: string): string => `This program met a defect while ${doing}. ${next}`

/**
 * Faults for events that met a defect of this program, which must not stop the events behind them.
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
  /** Used when it is unknown whether the sink has the event. */
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

/** Runs code that may have a defect, with a fallback. */
export function contain<T>(work: () => T, otherwise: (cause: unknown) => T): T {
  try {
    return work()
  } catch (cause) {
    return otherwise(cause)
  }
}

/**
 * Wraps a sink so that an event whose encoding hits a defect is dead-lettered alone, as if refused.
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
 * Wraps a sink so that our defects count as the sink's faults: its pending deliveries wait, are
 * probed and expire as if the sink were down. Thrown, they would block the outbox partition and
 * everything behind it for ever.
 */
export const containDefects = (sink: Sink, onDefect: (cause: unknown) => void): Sink => ({
  ...containEncoding(sink, onDefect),
  async deliver(batch, signal) {
    try {
      return await sink.deliver(batch, signal)
    } catch (cause) {
      onDefect(cause)
      return failed(DEFECT.redelivering)
    }
  },
})
