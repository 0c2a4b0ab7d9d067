import type { Instant } from '../../domain/identifiers.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { LogStore } from '../log-store.ts'
import type { Timestamp } from '../timestamp.ts'

/** Steps of sealing that outlive the process; a test may crash the program at each. */
export type SealFailpoint = 'commitWritten' | 'tilesWritten' | 'checkpointWritten' | 'newestWritten'

/** A blob as the archive lists it. */
export interface ListedBlob {
  readonly name: string
  /** By the storage's clock. */
  readonly createdAt: Instant
}

/** The archive, as far as sealing needs it. */
export interface SealedArchive {
  /** Days (`YYYY-MM-DD`) that have blobs, in ascending order, and when the storage said so. */
  days(): Promise<{ readonly at: Instant; readonly days: readonly string[] }>
  /** Archive blobs of a day; blobs with other names are left out. */
  blobsOf(day: string): AsyncIterable<ListedBlob>
  /** @returns `undefined` if there is no such blob */
  read(name: string): Promise<Buffer | undefined>
}

/** What the hub says about one of its partitions. */
export interface PartitionState {
  readonly namespace: string
  readonly hub: string
  readonly hubCreatedAt: Instant
  readonly partition: string
  readonly isEmpty: boolean
  readonly beginningSequenceNumber: number
  readonly lastSequenceNumber: number
  readonly lastEnqueuedAt: Instant
}

/** What sealing reads and writes. */
export interface SealPorts {
  readonly archive: SealedArchive
  readonly log: LogStore
  /** `undefined`: the log is not signed. */
  readonly keys: SigningKeys | undefined
  readonly partitions: () => Promise<readonly PartitionState[]>
  readonly timestamp: Timestamp | undefined
  /** Called for what stops nothing. */
  readonly onProblem: (problem: 'partitionsNotRead' | 'timestampMissing', cause: unknown) => void
  readonly failpoint: (failpoint: SealFailpoint) => void | Promise<void>
  readonly signal: AbortSignal
}

export interface SealOptions {
  /** Of a log that does not exist yet: the archive's host and the log's container. */
  readonly origin: string
  /** How old a blob must be. */
  readonly settleMs: number
  /** How far back each run looks for blobs that come late. */
  readonly lookBackMs: number
  readonly programVersion: string
  /** Most blobs in a commit; default: 2000. */
  readonly maxBlobs?: number
}
