import { crc32 } from 'node:zlib'
import type { HubFiles } from './hub-files.ts'
import type { LogHeader } from './log-header.ts'
import { createPartitionLog, type PartitionLog } from './partition-log.ts'

/** Destination of a send; with neither, partitions take turns. */
export interface Destination {
  readonly partition?: string | undefined
  readonly partitionKey?: string | undefined
}

/** An event hub: partition logs, consumer groups and re-creation. */
export interface Hub {
  readonly name: string
  readonly consumerGroups: ReadonlySet<string>
  readonly createdAtMs: number
  readonly logs: readonly PartitionLog[]
  /** Bytes of incomplete writes truncated on opening the logs. */
  readonly tornBytes: number
  log(partition: string): PartitionLog | undefined
  /** The partition of a destination; undefined if it does not exist. */
  route(destination: Destination): PartitionLog | undefined
  /** Empties the hub: sequence numbers and offsets restart, enqueued times continue. */
  recreate(): void
  close(): void
}

export interface HubOptions {
  readonly name: string
  readonly partitions: number
  readonly consumerGroups: readonly string[]
  readonly nowMs: () => number
  /** Without files, the hub is kept in memory. */
  readonly files?: HubFiles | undefined
}

export function createHub(options: HubOptions): Hub {
  const { name, partitions, nowMs, files } = options
  const opened = files?.open({ createdAtMs: nowMs(), enqueuedFloorMs: 0 })
  let logs = logsOf({ createdAtMs: nowMs(), enqueuedFloorMs: 0 }, opened)
  let turn = 0

  function logsOf(header: LogHeader, logFiles: ReturnType<HubFiles['open']> | undefined): PartitionLog[] {
    return Array.from({ length: partitions }, (_, partition) => {
      const file = logFiles?.[partition]
      return createPartitionLog({ partition: String(partition), header: file?.header ?? header, nowMs, file })
    })
  }
  const log = (partition: string): PartitionLog | undefined => logs.find((one) => one.partition === partition)

  return {
    name,
    consumerGroups: new Set(['$default', ...options.consumerGroups.map((group) => group.toLowerCase())]),
    get createdAtMs() {
      return logs[0]?.header.createdAtMs ?? 0
    },
    get logs() {
      return logs
    },
    tornBytes: opened?.reduce((sum, file) => sum + file.tornBytes, 0) ?? 0,
    log,
    route: ({ partition, partitionKey }) => {
      if (partition !== undefined) return log(partition)
      // Not the service's hash: clients may only rely on one key staying in one partition.
      if (partitionKey !== undefined) return logs[crc32(partitionKey) % logs.length]
      turn = (turn + 1) % logs.length
      return logs[turn]
    },
    recreate: () => {
      const newestMs = Math.max(
        ...logs.map((one) => Math.max(one.state().lastEnqueuedAtMs, one.header.enqueuedFloorMs - 1)),
      )
      const header = { createdAtMs: nowMs(), enqueuedFloorMs: newestMs + 1 }
      for (const one of logs) one.close()
      logs = logsOf(header, files?.replace(header))
    },
    close: () => {
      for (const one of logs) one.close()
    },
  }
}
