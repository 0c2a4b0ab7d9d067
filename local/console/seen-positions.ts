import type { Position } from '../../shared/domain/position.ts'

interface Place {
  readonly sequenceNumber: number
  readonly enqueuedAt: number
  readonly ordinal: number
}

/**
 * Tells copies: a batch that ran twice with other edges leaves the same records in two blobs. Blobs
 * of a partition are taken in their order, so the furthest place tells. A lower sequence number
 * enqueued later is a hub made anew.
 */
export class SeenPositions {
  readonly #furthest = new Map<string, Place>()

  /**
   * Notes a line and says what it is: a copy of one already seen, another record of the message
   * seen last, or a new message.
   * @param lastSequenceNumber of the messages that the line stands for
   */
  take(
    position: Position,
    ordinal: number,
    lastSequenceNumber: number,
  ): 'copy' | 'sameMessage' | 'newMessage' {
    const key = `${position.namespace}/${position.hub}/${position.partition}`
    const seen = this.#furthest.get(key)
    const place: Place = { sequenceNumber: lastSequenceNumber, enqueuedAt: position.enqueuedAt, ordinal }
    if (seen !== undefined && place.enqueuedAt <= seen.enqueuedAt) {
      if (place.sequenceNumber < seen.sequenceNumber) return 'copy'
      if (place.sequenceNumber === seen.sequenceNumber) {
        if (ordinal <= seen.ordinal) return 'copy'
        this.#furthest.set(key, place)
        return 'sameMessage'
      }
    }
    this.#furthest.set(key, place)
    return 'newMessage'
  }
}
