import type { Socket } from 'node:net'
import type { Delivery, Sender } from 'rhea'
import type { PartitionLog } from './partition-log.ts'
import { withRuntimeMetrics } from './runtime-metrics.ts'

/** How much a link passes to its connection at once; the rest waits until that is written. */
const maxBytesAtOnce = 1024 * 1024
const retryMs = 5
/** AMQP message format of an already encoded message. */
const plainFormat = 0

export interface ReaderLinkOptions {
  readonly link: Sender
  readonly socket: Socket
  readonly log: PartitionLog
  readonly firstSequenceNumber: number
  readonly wantsMetrics: boolean
  readonly nowMs: () => number
  readonly isHanging: () => boolean
  readonly onDelivered: (messages: number) => void
}

/**
 * Delivers a partition's messages to one reader, within its credit, the session window and the
 * socket's buffer.
 */
export interface ReaderLink {
  /** Delivers as much as possible now. */
  pump(): void
  stop(): void
}

/** The reader's credit, missing from rhea's types. */
type CreditedLink = Sender & { readonly credit: number }

export function createReaderLink(options: ReaderLinkOptions): ReaderLink {
  const { socket, log } = options
  const link = options.link as CreditedLink
  let next = options.firstSequenceNumber
  let stopped = false
  let newest: Delivery | undefined
  let waiting = false
  let timer: NodeJS.Timeout | undefined

  const pump = (): void => {
    if (stopped || options.isHanging() || socket.writableNeedDrain) return
    // Deliveries are settled once written; only then does rhea deduct their credit.
    const delivered = isUnwritten() ? 0 : deliver()
    if (delivered > 0) options.onDelivered(delivered)
    if (isUnwritten()) later()
  }

  const isUnwritten = (): boolean => newest !== undefined && !newest.remote_settled

  const deliver = (): number => {
    let credit = link.credit
    let bytes = 0
    let delivered = 0
    while (credit > 0 && bytes < maxBytesAtOnce && link.sendable()) {
      const message = log.read(next)
      if (message === undefined) break
      if (delivered === 0) corkUntilWritten(socket)
      const payload = options.wantsMetrics
        ? withRuntimeMetrics(message, log.state(), options.nowMs())
        : message
      newest = link.send(payload, tagOf(next), plainFormat)
      next += 1
      credit -= 1
      delivered += 1
      bytes += payload.length
    }
    return delivered
  }

  /**
   * Retries once after this turn, when rhea has written, then periodically: nothing signals that a
   * full session window has room again.
   */
  const later = (): void => {
    if (waiting || timer !== undefined) return
    waiting = true
    setImmediate(() => {
      waiting = false
      if (stopped || !isUnwritten()) {
        pump()
        return
      }
      timer = setTimeout(() => {
        timer = undefined
        pump()
      }, retryMs)
    })
  }

  const unsubscribe = log.onAppend(pump)
  return {
    pump,
    stop: () => {
      stopped = true
      clearTimeout(timer)
      unsubscribe()
    },
  }
}

/** rhea writes each frame separately, at the end of the turn; corking sends them together. */
function corkUntilWritten(socket: Socket): void {
  socket.cork()
  setImmediate(() => socket.uncork())
}

function tagOf(sequenceNumber: number): Buffer {
  const tag = Buffer.allocUnsafe(4)
  tag.writeUInt32BE(sequenceNumber % 0x1_0000_0000)
  return tag
}
