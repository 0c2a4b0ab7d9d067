import type { Hub } from './hub.ts'
import { bodyOf } from './message-body.ts'
import type { StoredMessage } from './message-position.ts'

/** The messages of a hub, by partition and sequence number, read lazily. */
export function* storedMessages(hub: Hub): IterableIterator<StoredMessage> {
  for (const log of hub.logs) {
    for (let sequenceNumber = log.state().firstSequenceNumber; ; sequenceNumber += 1) {
      const position = log.positionOf(sequenceNumber)
      const message = log.read(sequenceNumber)
      if (position === undefined || message === undefined) break
      yield { ...position, body: bodyOf(message) }
    }
  }
}
