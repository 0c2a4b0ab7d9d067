import type { QueueClient } from '@azure/storage-queue'
import type { HostTime } from '../host-time.ts'
import { isGone } from './queue-error.ts'
import type { QueueMessage } from './queue-message.ts'

export interface LeaseOptions {
  readonly queue: QueueClient
  readonly message: QueueMessage
  readonly invisibilityMs: number
  readonly sleep: HostTime['sleep']
  readonly signal: AbortSignal
}

/** Keeps a queue message invisible while a function processes it. */
export interface MessageLease {
  /**
   * Stops renewing and returns the current pop receipt; undefined if the message is no longer ours.
   */
  end(): Promise<string | undefined>
}

/** Keeps a message invisible by renewing the full time after half of it. */
export function holdMessage({ queue, message, invisibilityMs, sleep, signal }: LeaseOptions): MessageLease {
  const ended = new AbortController()
  let popReceipt: string | undefined = message.popReceipt
  let pauseMs = invisibilityMs / 2
  async function renew(receipt: string): Promise<string | undefined> {
    try {
      const updated = await queue.updateMessage(message.messageId, receipt, undefined, invisibilityMs / 1_000)
      pauseMs = invisibilityMs / 2
      return updated.popReceipt
    } catch (thrown) {
      if (thrown instanceof Error && isGone(thrown)) return undefined
      // Leaves time for more attempts.
      pauseMs = invisibilityMs / 10
      return receipt
    }
  }
  async function keepRenewing(): Promise<void> {
    const over = AbortSignal.any([ended.signal, signal])
    while (popReceipt !== undefined) {
      await sleep(pauseMs, over)
      if (over.aborted) return
      popReceipt = await renew(popReceipt)
    }
  }
  const renewing = keepRenewing()
  return {
    async end() {
      ended.abort()
      await renewing
      return popReceipt
    },
  }
}
