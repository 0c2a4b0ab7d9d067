import { isoInstant } from '../domain/iso-instant.ts'
import type { Position } from '../domain/position.ts'

const pad20 = (sequenceNumber: number): string => String(sequenceNumber).padStart(20, '0')

/** Where a chunk begins and ends, and what it holds. */
export interface ChunkIdentity {
  readonly first: Position
  readonly lastSequenceNumber: number
  /** Hex SHA-256 of the uncompressed content. */
  readonly contentHash: string
}

/**
 * The name of a chunk's blob: a pure function of the messages. Date and hour are those of the first message's enqueued time (UTC),
 * in the `key=value` form that query engines partition by.
 */
export function blobName({ first, lastSequenceNumber, contentHash }: ChunkIdentity): string {
  const [date = '', time = ''] = isoInstant(first.enqueuedAt).split('T')
  return (
    `v1/ingest_date=${date}/ingest_hour=${time.slice(0, 2)}/${first.namespace}/${first.hub}/p=${first.partition}/` +
    `${pad20(first.sequenceNumber)}-${pad20(lastSequenceNumber)}-${contentHash.slice(0, 16)}.jsonl.gz`
  )
}
