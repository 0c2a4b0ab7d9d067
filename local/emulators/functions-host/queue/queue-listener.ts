import { type QueueClient, QueueServiceClient } from '@azure/storage-queue'
import { connectionString, resolveSettings } from '../app-settings.ts'
import type { RegisteredFunction } from '../core/core-api.ts'
import { parseThrown } from '../core/parse-thrown.ts'
import type { HostContext } from '../host-context.ts'
import { createInFlight, type Listener } from '../listener.ts'
import type { Trigger } from '../parse-trigger.ts'
import { createPollDelay } from './poll-delay.ts'
import { isGone } from './queue-error.ts'
import type { QueueMessage } from './queue-message.ts'
import { type QueueRun, runMessage } from './run-message.ts'

type QueueTrigger = Extract<Trigger, { readonly type: 'queue' }>

const POISON_SUFFIX = '-poison'
const MAX_QUEUE_NAME_CHARACTERS = 63

/**
 * Polls a queue and invokes a function for each message, up to `batchSize + newBatchThreshold`
 * concurrently. A queue that does not exist counts as empty. Source: QueueListener in
 * https://github.com/Azure/azure-sdk-for-net
 */
export function startQueueListener(
  context: HostContext,
  registered: RegisteredFunction,
  trigger: QueueTrigger,
): Listener {
  const { name } = registered.metadata
  const usedBy = `The function "${name}"`
  const service = QueueServiceClient.fromConnectionString(
    connectionString(context.settings, trigger.connection, usedBy),
  )
  const queue = service.getQueueClient(resolveSettings(trigger.queueName, context.settings, usedBy))
  const stopping = new AbortController()
  const closing = new AbortController()
  const inFlight = createInFlight()
  const run: QueueRun = {
    context,
    registered,
    queue,
    poison: poisonQueue(service, queue.name),
    binary: trigger.binary,
    signal: closing.signal,
  }
  const { batchSize, newBatchThreshold, maxPollingIntervalMs } = context.config.queues
  const pollDelay = createPollDelay(
    context.tuning.minQueuePollMs,
    Math.min(context.tuning.maxQueuePollMs, maxPollingIntervalMs),
  )

  async function receive(): Promise<readonly QueueMessage[]> {
    try {
      const { receivedMessageItems } = await queue.receiveMessages({
        numberOfMessages: batchSize,
        visibilityTimeout: context.tuning.queueInvisibilityMs / 1_000,
        abortSignal: closing.signal,
      })
      return receivedMessageItems
    } catch (thrown) {
      const error = parseThrown(thrown)
      if (!isGone(error)) report(`Polling ${queue.name} failed and will be tried again`, error)
      return []
    }
  }
  async function settle(message: QueueMessage): Promise<void> {
    try {
      await inFlight.run(() => runMessage(run, message))
    } catch (thrown) {
      report(`A message of ${queue.name} could not be settled and will come again`, parseThrown(thrown))
    } finally {
      roomMade?.()
    }
  }
  function report(what: string, error: Error): void {
    if (closing.signal.aborted) return
    context.log({
      level: 'warning',
      category: 'host',
      message: `${what}. ${error.message}`,
      functionName: name,
    })
  }
  let roomMade: (() => void) | undefined
  stopping.signal.addEventListener('abort', () => roomMade?.())
  async function room(): Promise<void> {
    while (inFlight.count() > newBatchThreshold && !stopping.signal.aborted) {
      await new Promise<void>((resolve) => {
        roomMade = resolve
      })
    }
  }
  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      const messages = await receive()
      for (const message of messages) void settle(message)
      if (messages.length > 0) {
        pollDelay.reset()
        await room()
      } else await context.time.sleep(pollDelay.next(), stopping.signal)
    }
  }
  const polling = poll()
  return {
    async stop() {
      stopping.abort()
      await polling
      await inFlight.settled()
    },
    async close() {
      closing.abort()
      await polling
    },
  }
}

function poisonQueue(service: QueueServiceClient, name: string): QueueClient | undefined {
  const poisonName = `${name}${POISON_SUFFIX}`
  const hasOne = !name.endsWith(POISON_SUFFIX) && poisonName.length <= MAX_QUEUE_NAME_CHARACTERS
  return hasOne ? service.getQueueClient(poisonName) : undefined
}
