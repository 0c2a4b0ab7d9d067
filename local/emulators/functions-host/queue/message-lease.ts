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

/** The hold on a queue message while a function runs on it. */
export interface MessageLease {
  /**
   * Stops renewing and gives the receipt that is valid now; undefined if somebody else has the
   * message.
   */
  end(): Promise<string | undefined>
}

/** Keeps a message invisible: at half of the time that is left it asks for the whole time again. */
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
      // The rest of the time is left for more tries.
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
