import type { Instant } from '../../domain/identifiers.ts'
import type { PartitionProgress } from './partition-lag.ts'

/** The app's progress in a partition, and whether it can continue. */
export interface ReadingState {
  readonly partition: string
  /** Messages in the hub after the checkpoint; absent if unknown. */
  readonly behind: number | undefined
  /** Messages the hub dropped unread: its retention was shorter than the app's pause. */
  readonly expired: number
  /**
   * `reading`: has a checkpoint; `neverRead`: has none; `beyondEnd`: the checkpoint is past the
   * end, as after a re-creation of the hub, and the host cannot continue until it is deleted;
   * `unknown`: the checkpoint cannot be interpreted.
   */
  readonly state: 'reading' | 'neverRead' | 'beyondEnd' | 'unknown'
  readonly checkpoint: number | undefined
  readonly lastSequenceNumber: number
  readonly lastEnqueuedAt: Instant | undefined
}

export function readingState(progress: PartitionProgress): ReadingState {
  const { partition, lastSequenceNumber, firstSequenceNumber, isEmpty, lastEnqueuedAt } = progress
  const checkpoint = progress.checkpoint === 'unknown' ? undefined : progress.checkpoint
  const base = { partition, checkpoint, lastSequenceNumber, lastEnqueuedAt }
  const held = isEmpty ? 0 : lastSequenceNumber - firstSequenceNumber + 1
  if (progress.checkpoint === 'unknown') return { ...base, behind: undefined, expired: 0, state: 'unknown' }
  if (checkpoint === undefined) return { ...base, behind: held, expired: 0, state: 'neverRead' }
  if (checkpoint > lastSequenceNumber) return { ...base, behind: held, expired: 0, state: 'beyondEnd' }
  const unread = lastSequenceNumber - checkpoint
  return { ...base, behind: Math.min(unread, held), expired: Math.max(0, unread - held), state: 'reading' }
}
