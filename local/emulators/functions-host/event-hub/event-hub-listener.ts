import type { PartitionContext, ReceivedEventData } from '@azure/event-hubs'
import type { RegisteredFunction } from '../core/core-api.ts'
import type { InvocationOutcome } from '../core/invoke.ts'
import { parseThrown } from '../core/parse-thrown.ts'
import { runWithRetries } from '../core/retry-loop.ts'
import { retryPolicy } from '../core/retry-policy.ts'
import type { HostContext } from '../host-context.ts'
import { createInFlight, type Listener } from '../listener.ts'
import { batchInput } from './batch-input.ts'
import { type EventHubTrigger, eventHubConsumer, startPosition } from './consumer.ts'
import type { HubMessage } from './hub-message.ts'
import { parseReceivedEvent } from './parse-received-event.ts'
import { createPartitionStates, type PartitionState } from './partition-states.ts'

/**
 * How long the SDK waits for messages before it checks its connection: a waiting reader is not
 * notified when the connection breaks (event-hubs 6.0). Drawback: each check grants the hub
 * `prefetchCount` more credits, so a burst after a long idle time is fetched into memory as a
 * whole.
 */
const MAX_WAIT_SECONDS = 2

/**
 * Invokes a function for each batch of its hub, partitions concurrently, each in order.
 *
 * After the invocation, retries included, the checkpoint moves past the batch **whether or not the
 * function succeeded**; it only stays, and the batch comes again, if the host is stopping or
 * another host owns the partition. While a batch is retried, its partition is blocked. A batch that
 * the host cannot convert to the function's argument counts as failed without an invocation.
 * Source: EventHubListener.PartitionProcessor in
 * https://github.com/Azure/azure-sdk-for-net (extension 6.2 and later).
 */
export async function startEventHubListener(
  context: HostContext,
  registered: RegisteredFunction,
  trigger: EventHubTrigger,
): Promise<Listener> {
  const { name, retryOptions } = registered.metadata
  const config = context.config.eventHubs
  const policy = retryOptions && retryPolicy(retryOptions)
  const stopping = new AbortController()
  const closing = new AbortController()
  const partitions = createPartitionStates(stopping.signal)
  const inFlight = createInFlight()
  const say = (level: 'debug' | 'information' | 'warning', message: string) =>
    context.log({ level, category: 'host', message, functionName: name })

  const client = await eventHubConsumer(context, name, trigger, closing.signal, (ownership, ownId) => {
    for (const { partitionId, ownerId } of ownership) {
      if (ownerId !== '' && ownerId !== ownId) partitions.lose(partitionId)
    }
  })

  async function runBatch(
    events: readonly ReceivedEventData[],
    partition: PartitionContext,
    state: PartitionState,
  ) {
    if (state.lost.aborted) throw ownershipLost(partition.partitionId)
    const input = messagesToBind(events)
    const checkpoints = config.enableCheckpointing && state.batches + 1 >= config.batchCheckpointFrequency
    await runWithRetries({
      policy,
      attempt: async (retryContext): Promise<InvocationOutcome> => {
        if (input.ok)
          return context.invoke(registered, batchInput(input.messages, partition, checkpoints, retryContext))
        context.log({ level: 'error', category: 'host', message: input.error.message, functionName: name })
        return input
      },
      sleep: context.time.sleep,
      random: context.random,
      interrupted: state.interrupted,
      maxDelayMs: context.tuning.maxRetryDelayMs,
      onRetry: (_, delayMs, retry) =>
        say('warning', `Partition ${partition.partitionId}: retry ${retry} in ${Math.round(delayMs)} ms.`),
    })
    if (stopping.signal.aborted) return
    // Ends the SDK's pump of this partition, which would otherwise reclaim it from its new owner.
    if (state.lost.aborted) throw ownershipLost(partition.partitionId)
    state.batches++
    const last = events.at(-1)
    if (!checkpoints || last === undefined) return
    await partition.updateCheckpoint(last)
    state.batches = 0
  }

  const subscription = client.subscribe(
    {
      processInitialize: async ({ partitionId }) => partitions.open(partitionId),
      async processEvents(events, partition) {
        if (events.length === 0 || stopping.signal.aborted) return
        const state = partitions.of(partition.partitionId)
        await inFlight.run(() => runBatch(events, partition, state))
      },
      async processError(error, { partitionId }) {
        const where = partitionId === '' ? 'its hub' : `partition ${partitionId}`
        say('warning', `Reading ${where} failed and will be tried again. ${error.name}: ${error.message}`)
      },
      async processClose(reason, { partitionId }) {
        say('debug', `Partition ${partitionId} is no longer read: ${reason}.`)
        partitions.lose(partitionId)
      },
    },
    {
      maxBatchSize: config.maxEventBatchSize,
      prefetchCount: config.prefetchCount,
      maxWaitTimeInSeconds: MAX_WAIT_SECONDS,
      startPosition: startPosition(config.initialOffset),
      skipParsingBodyAsJson: true,
    },
  )
  return {
    async stop() {
      stopping.abort()
      const [closed] = await Promise.allSettled([subscription.close(), inFlight.settled()])
      if (closed.status === 'rejected') throw parseThrown(closed.reason)
    },
    async close() {
      closing.abort()
      await client.close()
    },
  }
}

/**
 * The messages of a batch, or why the host cannot convert them: one such message fails the batch.
 */
function messagesToBind(
  events: readonly ReceivedEventData[],
):
  | { readonly ok: true; readonly messages: readonly HubMessage[] }
  | { readonly ok: false; readonly error: Error } {
  const messages: HubMessage[] = []
  for (const event of events) {
    const message = parseReceivedEvent(event)
    if (message === undefined) {
      const { bodyType } = event.getRawAmqpMessage()
      return {
        ok: false,
        error: new Error(
          `The function was not invoked: its argument cannot be created. The body of message ${event.sequenceNumber} is an AMQP ${bodyType}, not data.`,
        ),
      }
    }
    messages.push(message)
  }
  return { ok: true, messages }
}

/** Only for this code, the SDK closes a partition as lost. */
function ownershipLost(partitionId: string): Error {
  return Object.assign(new Error(`Another host took partition ${partitionId}.`), {
    code: 'ReceiverDisconnectedError',
  })
}
