import type { QueueClient } from '@azure/storage-queue'
import type { RegisteredFunction } from '../core/core-api.ts'
import type { HostContext } from '../host-context.ts'
import { messageInput } from './message-input.ts'
import { holdMessage } from './message-lease.ts'
import { isGone } from './queue-error.ts'
import { decodeMessageText, type QueueMessage } from './queue-message.ts'

export interface QueueRun {
  readonly context: HostContext
  readonly registered: RegisteredFunction
  readonly queue: QueueClient
  /** Undefined if the queue is itself a poison queue. */
  readonly poison: QueueClient | undefined
  readonly binary: boolean
  readonly signal: AbortSignal
}

/**
 * Invokes the function for a message and settles it: deleted on success; on failure visible again
 * after the time set in host.json, or moved to the poison queue at `maxDequeueCount`. Without a
 * poison queue, a failed message stays invisible until its time is over. Source: QueueProcessor in
 * https://github.com/Azure/azure-sdk-for-net
 */
export async function runMessage(run: QueueRun, message: QueueMessage): Promise<void> {
  const { context, queue, poison, signal } = run
  const { maxDequeueCount, messageEncoding, visibilityTimeoutMs } = context.config.queues
  if (message.dequeueCount > maxDequeueCount && poison !== undefined) {
    return moveToPoison(run, poison, message, message.popReceipt)
  }
  const body = decodeMessageText(message.messageText, messageEncoding)
  if (body === undefined) {
    say(
      run,
      `A message of ${queue.name} is not in ${messageEncoding}; check the sender or messageEncoding in host.json.`,
    )
    if (poison !== undefined) await moveToPoison(run, poison, message, message.popReceipt)
    return
  }
  const { sleep } = context.time
  const lease = holdMessage({
    queue,
    message,
    invisibilityMs: context.tuning.queueInvisibilityMs,
    sleep,
    signal,
  })
  const outcome = await context.invoke(run.registered, messageInput(message, body, run.binary))
  const receipt = await lease.end()
  if (receipt === undefined) return
  if (outcome.ok) return unlessGone(queue.deleteMessage(message.messageId, receipt, { abortSignal: signal }))
  if (poison === undefined) return
  if (message.dequeueCount >= maxDequeueCount) return moveToPoison(run, poison, message, receipt)
  const seconds = visibilityTimeoutMs / 1_000
  await unlessGone(
    queue.updateMessage(message.messageId, receipt, undefined, seconds, { abortSignal: signal }),
  )
}

async function moveToPoison(
  run: QueueRun,
  poison: QueueClient,
  message: QueueMessage,
  receipt: string,
): Promise<void> {
  say(run, `A message of ${run.queue.name} is moved to ${poison.name} after ${message.dequeueCount} tries.`)
  await poison.createIfNotExists({ abortSignal: run.signal })
  await poison.sendMessage(message.messageText, { abortSignal: run.signal })
  await unlessGone(run.queue.deleteMessage(message.messageId, receipt, { abortSignal: run.signal }))
}

async function unlessGone(request: Promise<object>): Promise<void> {
  try {
    await request
  } catch (thrown) {
    if (!(thrown instanceof Error && isGone(thrown))) throw thrown
  }
}

function say(run: QueueRun, message: string): void {
  run.context.log({ level: 'warning', category: 'host', message, functionName: run.registered.metadata.name })
}
