import type { Refusal } from './refusal.ts'

const maxReadersWithoutEpoch = 5

/** A reader, as the group sees it. */
export interface GroupReader {
  readonly name: string
  /** Owner level; undefined for non-exclusive readers. */
  readonly epoch: number | undefined
  disconnect(why: Refusal): void
}

/** All readers of one partition in one consumer group, and who may stay. */
export interface ReaderGroup {
  /** Admits a reader and disconnects those with a lower owner level, or returns why not. */
  admit(reader: GroupReader): Refusal | undefined
  leave(reader: GroupReader): void
}

/** Source of the rules: https://docs.microsoft.com/archive/blogs/gyan/event-hubs-receiver-epoch */
export function createReaderGroup(): ReaderGroup {
  const readers = new Set<GroupReader>()
  return {
    admit: (reader) => {
      const highest = [...readers].reduce((epoch, one) => Math.max(epoch, one.epoch ?? -1), -1)
      const refusal = refusalOf(reader, highest, readers.size)
      if (refusal !== undefined) return refusal
      if (reader.epoch !== undefined) {
        for (const one of readers) {
          readers.delete(one)
          one.disconnect(stolenBy(reader, one))
        }
      }
      readers.add(reader)
      return undefined
    },
    leave: (reader) => {
      readers.delete(reader)
    },
  }
}

function refusalOf(reader: GroupReader, highestEpoch: number, present: number): Refusal | undefined {
  if (reader.epoch === undefined && highestEpoch >= 0) {
    return stolen(
      `At least one receiver for the endpoint is created with epoch of '${highestEpoch}', and so non-epoch receiver ` +
        'is not allowed. Either reconnect with a higher epoch, or make sure all epoch receivers are closed or disconnected.',
    )
  }
  if (reader.epoch !== undefined && reader.epoch < highestEpoch) {
    return stolen(
      `A receiver with a higher epoch '${highestEpoch}' already exists. Receiver '${reader.name}' with epoch ` +
        `${reader.epoch} cannot be created. Make sure you are creating receiver with increasing epoch value.`,
    )
  }
  if (reader.epoch === undefined && present >= maxReadersWithoutEpoch) {
    return {
      condition: 'amqp:resource-limit-exceeded',
      description: `Exceeded the maximum number of allowed receivers per partition in a consumer group which is ${maxReadersWithoutEpoch}.`,
    }
  }
  return undefined
}

function stolenBy(winner: GroupReader, loser: GroupReader): Refusal {
  return stolen(
    `New receiver '${winner.name}' with higher epoch of '${winner.epoch}' is created hence current receiver ` +
      `'${loser.name}' with epoch '${loser.epoch ?? 'none'}' is getting disconnected.`,
  )
}

function stolen(description: string): Refusal {
  return { condition: 'amqp:link:stolen', description }
}

/** Reader groups of all partitions, created on demand. */
export function createReaderGroups(): (hub: string, consumerGroup: string, partition: string) => ReaderGroup {
  const groups = new Map<string, ReaderGroup>()
  return (hub, consumerGroup, partition) => {
    const key = `${hub}/${consumerGroup}/${partition}`.toLowerCase()
    const group = groups.get(key) ?? createReaderGroup()
    groups.set(key, group)
    return group
  }
}
