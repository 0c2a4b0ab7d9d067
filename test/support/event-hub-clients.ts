import {
  type CheckpointStore,
  EventHubConsumerClient,
  type EventHubConsumerClientOptions,
  EventHubProducerClient,
  type EventPosition,
  earliestEventPosition,
  type ReceivedEventData,
  type RetryOptions,
  type SubscribeOptions,
} from '@azure/event-hubs'
import { afterEach } from 'vitest'
import {
  type EventHubEmulator,
  type EventHubEmulatorOptions,
  startEventHubEmulator,
} from '../../local/emulators/event-hubs/emulator.ts'

/** Fast enough for tests: the client's own defaults wait for half a minute. */
export const quickRetries: RetryOptions = { maxRetries: 5, retryDelayInMs: 20, timeoutInMs: 1000 }

const clients: { close(): Promise<void> }[] = []
const emulators: EventHubEmulator[] = []

// Clients first: one whose server is gone already tries for a while to say goodbye.
afterEach(async () => {
  for (const client of clients.splice(0).reverse()) await client.close()
  await Promise.all(emulators.splice(0).map((emulator) => emulator.stop()))
})

/**
 * An emulator that is gone when the test is; by default with one hub `risk` of two partitions, in
 * memory.
 */
export async function startedEmulator(
  options: Partial<EventHubEmulatorOptions> = {},
): Promise<EventHubEmulator> {
  const emulator = await startEventHubEmulator({
    hubs: [{ name: 'risk', partitions: 2 }],
    nowMs: () => Date.now(),
    ...options,
  })
  emulators.push(emulator)
  return emulator
}

export function producerFor(connectionString: string, retryOptions = quickRetries): EventHubProducerClient {
  const producer = new EventHubProducerClient(connectionString, { retryOptions })
  clients.push(producer)
  return producer
}

export function consumerFor(
  connectionString: string,
  consumerGroup = '$Default',
  checkpointStore?: CheckpointStore,
): EventHubConsumerClient {
  const options: EventHubConsumerClientOptions = {
    retryOptions: quickRetries,
    loadBalancingOptions: { strategy: 'greedy', updateIntervalInMs: 100 },
  }
  const consumer =
    checkpointStore === undefined
      ? new EventHubConsumerClient(consumerGroup, connectionString, options)
      : new EventHubConsumerClient(consumerGroup, connectionString, checkpointStore, options)
  clients.push(consumer)
  return consumer
}

/** One partition read by the official client: what came, and what went wrong. */
export interface PartitionReading {
  readonly events: ReceivedEventData[]
  readonly errorCodes: string[]
  readonly errorMessages: string[]
  readonly lastEnqueued: (number | undefined)[]
  close(): Promise<void>
}

export interface ReadingOptions extends SubscribeOptions {
  readonly partition?: string
  readonly consumerGroup?: string
  readonly from?: EventPosition
}

export function startReading(connectionString: string, options: ReadingOptions = {}): PartitionReading {
  const { partition = '0', consumerGroup, from = earliestEventPosition, ...subscribeOptions } = options
  const reading: Omit<PartitionReading, 'close'> = {
    events: [],
    errorCodes: [],
    errorMessages: [],
    lastEnqueued: [],
  }
  const subscription = consumerFor(connectionString, consumerGroup).subscribe(
    partition,
    {
      processEvents: (events, context) => {
        reading.events.push(...events)
        if (events.length > 0) reading.lastEnqueued.push(context.lastEnqueuedEventProperties?.sequenceNumber)
        return Promise.resolve()
      },
      processError: (error) => {
        reading.errorCodes.push('code' in error ? String(error.code) : error.name)
        reading.errorMessages.push(error.message)
        return Promise.resolve()
      },
    },
    { startPosition: from, maxWaitTimeInSeconds: 1, skipParsingBodyAsJson: true, ...subscribeOptions },
  )
  clients.push(subscription)
  return { ...reading, close: () => subscription.close() }
}

export function sequenceNumbersOf(reading: PartitionReading): readonly number[] {
  return reading.events.map((event) => event.sequenceNumber)
}

/** What the hub holds, as text, by partition. */
export function textsIn(emulator: EventHubEmulator, hub = 'risk'): readonly string[] {
  return [...emulator.messages(hub)].map((message) => Buffer.from(message.body).toString('utf8'))
}
