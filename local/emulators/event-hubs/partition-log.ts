import { annotateMessage } from './annotate-message.ts'
import type { LogFile } from './log-file.ts'
import { encodeFrame, frameHeadBytes } from './log-frame.ts'
import type { LogHeader } from './log-header.ts'
import type { MessagePosition, PartitionState } from './message-position.ts'
import type { EncodedMessage } from './message-sections.ts'
import { createRecentMessages } from './recent-messages.ts'

/**
 * How much of a file-backed log is also kept in memory; a log without a file is kept completely.
 */
const recentMaxBytes = 8 * 1024 * 1024

/** The messages of one partition of one incarnation, in order, with positions. */
export interface PartitionLog {
  readonly partition: string
  readonly header: LogHeader
  /** Appends all messages or none. Throws file system errors. */
  append(messages: readonly EncodedMessage[], partitionKey: string | undefined): readonly MessagePosition[]
  /** An encoded message with its annotations, ready to send; undefined if not in the log. */
  read(sequenceNumber: number): Buffer | undefined
  positionOf(sequenceNumber: number): MessagePosition | undefined
  state(): PartitionState
  /**
   * The first sequence number whose position meets a condition that holds from there on; the end if
   * none does.
   */
  firstWhere(holds: (position: MessagePosition) => boolean): number
  /** Calls the listener after every append; returns the function to unsubscribe. */
  onAppend(listener: () => void): () => void
  close(): void
}

export interface PartitionLogOptions {
  readonly partition: string
  readonly header: LogHeader
  readonly nowMs: () => number
  readonly file?: LogFile | undefined
}

export function createPartitionLog(options: PartitionLogOptions): PartitionLog {
  const { partition, header, file, nowMs } = options
  const offsets: number[] = []
  const enqueuedAtMs: number[] = []
  const messageBytes: number[] = []
  const listeners = new Set<() => void>()
  let endOffset = 0
  const index = (enqueuedAt: number, bytes: number): void => {
    offsets.push(endOffset)
    enqueuedAtMs.push(enqueuedAt)
    messageBytes.push(bytes)
    endOffset += frameHeadBytes + bytes
  }
  for (const entry of file?.entries ?? []) index(entry.enqueuedAtMs, entry.messageBytes)
  const recent = createRecentMessages(
    offsets.length,
    file === undefined ? Number.POSITIVE_INFINITY : recentMaxBytes,
  )

  const positionOf = (sequenceNumber: number): MessagePosition | undefined => {
    const offset = offsets[sequenceNumber]
    const enqueuedAt = enqueuedAtMs[sequenceNumber]
    if (offset === undefined || enqueuedAt === undefined) return undefined
    return { partition, sequenceNumber, offset: String(offset), enqueuedAtMs: enqueuedAt }
  }

  return {
    partition,
    header,
    positionOf,
    append: (messages, partitionKey) => {
      const enqueuedAt = Math.max(nowMs(), enqueuedAtMs.at(-1) ?? header.enqueuedFloorMs)
      const positions: MessagePosition[] = []
      const annotated: Buffer[] = []
      let offset = endOffset
      for (const message of messages) {
        const sequenceNumber = offsets.length + positions.length
        const position = { partition, sequenceNumber, offset: String(offset), enqueuedAtMs: enqueuedAt }
        const bytes = annotateMessage(message, position, partitionKey)
        positions.push(position)
        annotated.push(bytes)
        offset += frameHeadBytes + bytes.length
      }
      file?.append(
        Buffer.concat(annotated.map((bytes, at) => encodeFrame(offsets.length + at, enqueuedAt, bytes))),
      )
      for (const bytes of annotated) {
        index(enqueuedAt, bytes.length)
        recent.push(bytes)
      }
      for (const listener of listeners) listener()
      return positions
    },
    read: (sequenceNumber) => {
      const held = recent.get(sequenceNumber)
      if (held !== undefined) return held
      const offset = offsets[sequenceNumber]
      const bytes = messageBytes[sequenceNumber]
      if (offset === undefined || bytes === undefined) return undefined
      return file?.readMessage(offset, bytes)
    },
    state: () => {
      const last = positionOf(offsets.length - 1)
      return {
        partition,
        firstSequenceNumber: 0,
        lastSequenceNumber: offsets.length - 1,
        lastOffset: last?.offset ?? '-1',
        lastEnqueuedAtMs: last?.enqueuedAtMs ?? 0,
        isEmpty: last === undefined,
      }
    },
    firstWhere: (holds) => {
      let low = 0
      let high = offsets.length
      while (low < high) {
        const middle = (low + high) >>> 1
        const position = positionOf(middle)
        if (position !== undefined && holds(position)) high = middle
        else low = middle + 1
      }
      return low
    },
    onAppend: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => file?.close(),
  }
}
