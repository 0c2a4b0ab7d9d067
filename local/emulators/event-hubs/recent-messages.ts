const forgetAtOnce = 1024

/**
 * The newest messages of a log, kept in memory up to a number of bytes, so that readers at the end
 * need no file access.
 */
export interface RecentMessages {
  push(message: Buffer): void
  /** Undefined if the message is no longer kept. */
  get(sequenceNumber: number): Buffer | undefined
}

export function createRecentMessages(firstSequenceNumber: number, maxBytes: number): RecentMessages {
  const held: Buffer[] = []
  let first = firstSequenceNumber
  let bytes = 0
  let forgotten = 0
  return {
    push: (message) => {
      held.push(message)
      bytes += message.length
      while (bytes > maxBytes && forgotten < held.length) {
        bytes -= held[forgotten]?.length ?? 0
        held[forgotten] = empty
        forgotten += 1
      }
      if (forgotten >= forgetAtOnce) {
        held.splice(0, forgotten)
        first += forgotten
        forgotten = 0
      }
    },
    get: (sequenceNumber) => {
      const index = sequenceNumber - first
      return index >= forgotten ? held[index] : undefined
    },
  }
}

const empty = Buffer.alloc(0)
