import type { Instant } from '../domain/identifiers.ts'

/** One partition of the hub, as the service tells of it. */
export interface PartitionState {
  readonly partition: string
  /** -1 where the partition never had a message. */
  readonly lastSequenceNumber: number
  /** Of the oldest message that is still there. */
  readonly firstSequenceNumber: number
  readonly isEmpty: boolean
  readonly lastEnqueuedAt: Instant | undefined
}

/** How far the app has come in a partition. */
export interface PartitionLag {
  readonly partition: string
  /** Messages behind the checkpoint. */
  readonly behind: number
  /** Messages that the hub dropped before they were read: its retention was shorter than the app's pause. */
  readonly expired: number
  /**
   * `reading`: there is a checkpoint; `neverRead`: there is none; `beyondEnd`: it lies behind the end, as after a re-creation of the hub:
   * the host cannot go on before the checkpoint is deleted.
   */
  readonly state: 'reading' | 'neverRead' | 'beyondEnd'
  readonly checkpoint: number | undefined
  readonly lastSequenceNumber: number
  readonly lastEnqueuedAt: Instant | undefined
}

/** @param checkpoint sequence number of the last message that the app is done with */
export function partitionLag(hub: PartitionState, checkpoint: number | undefined): PartitionLag {
  const { partition, lastSequenceNumber, lastEnqueuedAt } = hub
  const base = { partition, checkpoint, lastSequenceNumber, lastEnqueuedAt }
  const waiting = hub.isEmpty ? 0 : lastSequenceNumber - hub.firstSequenceNumber + 1
  if (checkpoint === undefined) return { ...base, behind: waiting, expired: 0, state: 'neverRead' }
  if (checkpoint > lastSequenceNumber) return { ...base, behind: waiting, expired: 0, state: 'beyondEnd' }
  const unread = lastSequenceNumber - checkpoint
  return { ...base, behind: Math.min(unread, waiting), expired: Math.max(0, unread - waiting), state: 'reading' }
}
