import { startAmqpListener } from './amqp-listener.ts'
import { type HubLink, releaseLinks } from './amqp-peer.ts'
import { createBroker } from './broker.ts'
import { createCounters, type EmulatorStats } from './counters.ts'
import { createFaults, type Faults } from './faults.ts'
import type { Hub } from './hub.ts'
import { standardMaxSendBytes } from './incoming-send.ts'
import type { MessagePosition, PartitionState, StoredMessage } from './message-position.ts'
import { type HubDefinition, openHubs } from './open-hubs.ts'
import { type PublishTo, publish } from './publish.ts'
import { createReaderGroups } from './reader-group.ts'
import { entityNotFound, type Refusal } from './refusal.ts'
import { storedMessages } from './stored-messages.ts'

const keyName = 'RootManageSharedAccessKey'
/** The key that Microsoft's own emulator uses; it only opens this machine's hubs. */
const defaultKey = 'SAS_KEY_VALUE'

export interface EventHubEmulatorOptions {
  readonly hubs: readonly HubDefinition[]
  /** Folder of the logs, which survive restarts; default: in memory. */
  readonly directory?: string
  /** Default: a free port. */
  readonly port?: number
  /** Clock for enqueued times and token expiry; UTC, milliseconds since 1970. */
  readonly nowMs: () => number
  /** The shared access key to check tokens against. */
  readonly key?: string
  /** Whether a token of Entra ID is taken; default: none is. */
  readonly isValidToken?: (token: string) => boolean
  /** Most bytes of a message or a batch; default: as in the Standard tier. */
  readonly maxSendBytes?: number
}

/**
 * An Event Hubs namespace on 127.0.0.1, as far as the official clients use it. Methods throw for an
 * unknown hub.
 */
export interface EventHubEmulator {
  readonly port: number
  connectionString(hub: string): string
  /**
   * Stores messages directly, bypassing protocol and faults, all in one partition. Throws if one is
   * too large or the log cannot be written.
   */
  publish(hub: string, bodies: readonly Uint8Array[], to?: PublishTo): readonly MessagePosition[]
  /** All messages of the hub, by partition and sequence number, read lazily from the log. */
  messages(hub: string): IterableIterator<StoredMessage>
  partitionState(hub: string): readonly PartitionState[]
  /**
   * Deletes the hub and creates it again, empty: sequence numbers and offsets restart, enqueued
   * times continue.
   */
  recreateHub(hub: string): void
  readonly faults: Faults
  dropConnections(): void
  readonly stats: EmulatorStats
  /** Closes all connections and logs, and frees the port. */
  stop(): Promise<void>
}

/** Starts the emulator; throws if the options, the directory or the port cannot be used. */
export async function startEventHubEmulator(options: EventHubEmulatorOptions): Promise<EventHubEmulator> {
  const { nowMs, isValidToken = () => false, maxSendBytes = standardMaxSendBytes } = options
  const accessKey = { name: keyName, key: options.key ?? defaultKey }
  const hubs = openHubs(options.hubs, options.directory, nowMs)
  const counters = createCounters()
  const faults = createFaults({
    detachReaders: (why) => closeLinks((one) => one.reader !== undefined, why),
    dropConnections: () => listener.dropConnections(),
    setHanging: (hanging) => listener.setHanging(hanging),
  })
  const broker = createBroker({
    hub: (name) => hubs.get(name.toLowerCase()),
    readerGroup: createReaderGroups(),
    accessKey,
    isValidToken,
    maxSendBytes,
    nowMs,
    isHanging: () => listener.isHanging(),
    faults,
    counters,
  })
  const closeHubs = (): void => {
    for (const hub of hubs.values()) hub.close()
  }
  const listener = await startAmqpListener(options.port ?? 0, maxSendBytes, broker).catch((error: Error) => {
    closeHubs()
    throw error
  })
  const closeLinks = (which: (link: HubLink) => boolean, why: Refusal): void => {
    for (const peer of listener.peers) releaseLinks(peer, which, why)
  }
  const hubNamed = (name: string): Hub => {
    const hub = hubs.get(name.toLowerCase())
    if (hub === undefined)
      throw new Error(`The emulator has no hub '${name}'; it has: ${[...hubs.keys()].join(', ')}`)
    return hub
  }

  return {
    port: listener.port,
    faults,
    connectionString: (hub) =>
      `Endpoint=sb://localhost:${listener.port}/;SharedAccessKeyName=${keyName};SharedAccessKey=${accessKey.key};` +
      `UseDevelopmentEmulator=true;EntityPath=${hubNamed(hub).name}`,
    publish: (hub, bodies, to = {}) => {
      const positions = publish(hubNamed(hub), bodies, to)
      counters.messagesStored += positions.length
      return positions
    },
    messages: (hub) => storedMessages(hubNamed(hub)),
    partitionState: (hub) => hubNamed(hub).logs.map((log) => log.state()),
    recreateHub: (name) => {
      const hub = hubNamed(name)
      closeLinks((one) => one.hub === hub, entityNotFound(hub.name))
      hub.recreate()
    },
    dropConnections: () => listener.dropConnections(),
    get stats() {
      const readersOpen = [...listener.peers]
        .flatMap((peer) => [...peer.links])
        .filter((one) => one.reader).length
      const tornBytesCut = [...hubs.values()].reduce((sum, hub) => sum + hub.tornBytes, 0)
      const { connectionsAccepted, peers } = listener
      return { ...counters, connectionsAccepted, connectionsOpen: peers.size, readersOpen, tornBytesCut }
    },
    stop: async () => {
      await listener.stop()
      closeHubs()
    },
  }
}
