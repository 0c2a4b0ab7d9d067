import { hourFolder } from '../domain/blob-folders.ts'
import type { Position } from '../domain/position.ts'

const pad20 = (sequenceNumber: number): string => String(sequenceNumber).padStart(20, '0')

/** Where a chunk begins and ends, and the hash of its content. */
export interface ChunkIdentity {
  readonly first: Position
  readonly lastSequenceNumber: number
  /** Hex SHA-256 of the uncompressed content. */
  readonly contentHash: string
}

/**
 * The name of a chunk's blob: a pure function of the messages. Date and hour are those of the first
 * message's enqueued time.
 */
export function blobName({ first, lastSequenceNumber, contentHash }: ChunkIdentity): string {
  return (
    `v1/${hourFolder(first.enqueuedAt)}${first.namespace}/${first.hub}/p=${first.partition}/` +
    `${pad20(first.sequenceNumber)}-${pad20(lastSequenceNumber)}-${contentHash.slice(0, 16)}.jsonl.gz`
  )
}
