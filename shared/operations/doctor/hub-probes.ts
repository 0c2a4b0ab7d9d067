import type { EventHubProducerClient } from '@azure/event-hubs'
import type { AzureClients } from '../../azure/azure-clients.ts'
import { errorCode } from '../../azure/error-code.ts'
import { lacksToken } from '../../azure/lacks-token.ts'
import type { AppSettings } from '../../config/parse-settings.ts'
import { CHECKPOINT_CONTAINER, partitionProgress } from '../status/partition-lag.ts'
import { readingState } from '../status/reading-state.ts'
import { NO_TOKEN, type Probe, type Verdict } from './diagnose.ts'

/** What an error of the hub client means to an operator. */
export function hubVerdict(error: unknown, role: string, whenForbidden: 'warn' | 'fail'): Verdict {
  if (lacksToken(error)) return NO_TOKEN
  const code = errorCode(error) ?? 'no code'
  if (/Unauthorized/i.test(code)) {
    return whenForbidden === 'fail'
      ? {
          level: 'fail',
          says: `Not allowed (${code}).`,
          fix: `Give this identity the role "${role}" on the hub.`,
        }
      : {
          level: 'warn',
          says: `Not allowed (${code}). This identity is not the app's.`,
          fix: `Only \`send\` and the app's heartbeat need it: the role "${role}" on the hub.`,
        }
  }
  if (/NotFound/i.test(code))
    return { level: 'fail', says: 'The hub does not exist.', fix: 'Check EVENT_HUB_NAME and the namespace.' }
  return {
    level: 'fail',
    says: `It does not answer (${code}).`,
    fix: 'Check the namespace in EventHub__fullyQualifiedNamespace, and its network rules: AMQP is port 5671.',
  }
}

async function withHub<T>(
  clients: AzureClients,
  work: (hub: EventHubProducerClient) => Promise<T>,
): Promise<T> {
  const hub = await clients.hub()
  try {
    return await work(hub)
  } finally {
    await hub.close()
  }
}

/** `undefined` if the host storage does not answer, which its own probes report. */
async function statesOf(hub: EventHubProducerClient, clients: AzureClients, consumerGroup: string) {
  try {
    const host = await clients.hostContainer(CHECKPOINT_CONTAINER)
    return (await partitionProgress(hub, host, consumerGroup)).map(readingState)
  } catch {
    return undefined
  }
}

const counted = (partitions: number): string =>
  partitions === 1 ? '1 partition' : `${partitions} partitions`

/** Problems in reading the hub, by partition. */
export function readingVerdict(states: readonly ReturnType<typeof readingState>[]): Verdict {
  const named = (wanted: (s: (typeof states)[number]) => boolean): string =>
    states
      .filter(wanted)
      .map((s) => s.partition)
      .join(', ')
  const stuck = named((s) => s.state === 'beyondEnd')
  if (stuck !== '')
    return {
      level: 'fail',
      says: `The checkpoint is beyond the end of partition ${stuck}: the hub was re-created.`,
      fix: `Stop the app, delete the checkpoints under ${CHECKPOINT_CONTAINER}, start the app.`,
    }
  const lost = states.reduce((sum, s) => sum + s.expired, 0)
  if (lost > 0)
    return {
      level: 'fail',
      says: `The hub dropped ${lost} messages before they were read.`,
      fix: 'Start the app, and make the retention of the hub longer than any downtime of the app.',
    }
  const unknown = named((s) => s.state === 'unknown')
  if (unknown !== '')
    return {
      level: 'warn',
      says: `The checkpoint of partition ${unknown} has no sequence number that can be read.`,
      fix: `Check its blob under ${CHECKPOINT_CONTAINER}: the app rewrites it with its next batch.`,
    }
  const behind = states.reduce((sum, s) => sum + (s.behind ?? 0), 0)
  return { level: 'ok', says: `${counted(states.length)}, ${behind} messages behind.` }
}

/** Whether the event hub can be described, read and written. Sends nothing. */
export const hubProbes = (settings: AppSettings, clients: AzureClients, isApp: boolean): readonly Probe[] => [
  {
    area: 'event hub',
    name: 'reading',
    run: async () => {
      try {
        return await withHub(clients, async (hub) => {
          const ids = await hub.getPartitionIds()
          const states = await statesOf(hub, clients, settings.eventHub.consumerGroup)
          return states === undefined
            ? {
                level: 'ok',
                says: `${counted(ids.length)}; how far behind is unknown without checkpoints.`,
              }
            : readingVerdict(states)
        })
      } catch (error) {
        return hubVerdict(error, 'Azure Event Hubs Data Receiver', 'fail')
      }
    },
  },
  {
    area: 'event hub',
    name: 'sending',
    run: async () => {
      try {
        // Opens the send link, to learn the largest message size.
        const bytes = await withHub(clients, async (hub) => (await hub.createBatch()).maxSizeInBytes)
        return { level: 'ok', says: `Sending is allowed, up to ${bytes} bytes a message.` }
      } catch (error) {
        return hubVerdict(error, 'Azure Event Hubs Data Sender', isApp ? 'fail' : 'warn')
      }
    },
  },
]
