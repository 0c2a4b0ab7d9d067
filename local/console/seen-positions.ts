import type { Position } from '../../shared/domain/position.ts'

interface Furthest {
  readonly sequenceNumber: number
  readonly enqueuedAt: number
  readonly ordinal: number
}

/**
 * Recognises copies: a batch run twice with other limits leaves the same records in two blobs.
 * Blobs of a partition are read in order, so the furthest position decides. A lower sequence number
 * enqueued later means a re-created hub.
 */
export class SeenPositions {
  readonly #furthest = new Map<string, Furthest>()

  /**
   * Records a line, and classifies it as a copy of one already seen, another record of the last
   * message, or a new message.
   * @param lastSequenceNumber of the messages that the line stands for
   */
  take(
    position: Position,
    ordinal: number,
    lastSequenceNumber: number,
  ): 'copy' | 'sameMessage' | 'newMessage' {
    const key = `${position.namespace}/${position.hub}/${position.partition}`
    const seen = this.#furthest.get(key)
    const at: Furthest = { sequenceNumber: lastSequenceNumber, enqueuedAt: position.enqueuedAt, ordinal }
    if (seen !== undefined && at.enqueuedAt <= seen.enqueuedAt) {
      if (at.sequenceNumber < seen.sequenceNumber) return 'copy'
      if (at.sequenceNumber === seen.sequenceNumber) {
        if (ordinal <= seen.ordinal) return 'copy'
        this.#furthest.set(key, at)
        return 'sameMessage'
      }
    }
    this.#furthest.set(key, at)
    return 'newMessage'
  }
}
