import { type Instant, instant } from '../domain/identifiers.ts'

/** What a blob's name says about its chunk. */
export interface ArchiveBlob {
  readonly name: string
  /** Start of the hour in which the chunk's first message was enqueued. */
  readonly hour: Instant
  readonly namespace: string
  readonly hub: string
  readonly partition: string
  readonly firstSequenceNumber: number
  readonly lastSequenceNumber: number
}

const NAME =
  /^v1\/ingest_date=(\d{4}-\d{2}-\d{2})\/ingest_hour=(\d{2})\/([^/]+)\/([^/]+)\/p=([^/]+)\/(\d{20})-(\d{20})-[0-9a-f]{16}\.jsonl\.gz$/

/** Parses a version 1 archive blob name (made by `blobName`); `undefined` for any other name. */
export function archiveBlob(name: string): ArchiveBlob | undefined {
  const match = NAME.exec(name)
  if (match === null) return undefined
  const [, date = '', hour = '', namespace = '', hub = '', partition = '', first, last] = match
  return {
    name,
    hour: instant(Date.parse(`${date}T${hour}:00:00Z`)),
    namespace,
    hub,
    partition,
    firstSequenceNumber: Number(first),
    lastSequenceNumber: Number(last),
  }
}
