import { setTimeout as wait } from 'node:timers/promises'
import { TableClient } from '@azure/data-tables'
import { QueueClient } from '@azure/storage-queue'
import { systemTime } from '../../../shared/composition/system-time.ts'
import { WAKE_UP_QUEUE, wakeUpQueue } from '../../../shared/delivery/outbox/wake-up-queue.ts'
import {
  type AzuriteEndpoints,
  azuriteConnectionString,
  DEVELOPMENT_ACCOUNT,
} from '../../emulators/azurite/azurite-endpoints.ts'
import { startHostProcess } from '../../stack/host-process.ts'
import { SENDS_NOTHING } from '../../stack/sends-nothing.ts'
import { type Stack, startStack } from '../../stack/stack.ts'
import { residentMb } from '../load/resident-memory.ts'
import { type Stores, storesOf } from '../once/stores.ts'
import { appendAll, archiveBacklog, type Backlog } from './backlog.ts'
import { ask, startChild } from './child.ts'
import { drainFloor } from './drain-floor.ts'

/** How fast a backlog was redelivered. */
export interface DrainFigure {
  readonly events: number
  readonly blobs: number
  readonly eventsPerSecond: number
  /** Plain reads and deletes of the same blobs and rows, in the same run. */
  readonly floorEventsPerSecond: number
  readonly ratio: number
  /** Resident memory of the host: before the drain, and the peak. */
  readonly idleRssMb: number
  readonly peakRssMb: number
}

export interface DrainFigures {
  readonly drain: {
    /** One event per row, one row per blob: an outage on a quiet stream. */
    readonly apart: DrainFigure
    /** The same, with the heap of a small instance. */
    readonly apartInSmallHeap: DrainFigure
    /** One event per row, many rows per blob. */
    readonly shared: DrainFigure
  }
}

const SMALL_HEAP = '--max-old-space-size=160 --max-semi-space-size=4'
const SAMPLE_MS = 100
const SETTLE_MS = 3000

/** A backlog of events a sink did not take, redelivered by the built program on a lean storage. */
export async function benchDrain(quick: boolean, show: (text: string) => void): Promise<DrainFigures> {
  const apart = { blobs: quick ? 1500 : 15_000, eventsPerBlob: 1 }
  const shared = { blobs: quick ? 10 : 30, eventsPerBlob: 500 }
  let firstRecord = 0
  const run = async (name: string, shape: typeof apart, nodeOptions: string): Promise<DrainFigure> => {
    const figure = await drainOnce(name, shape, firstRecord, nodeOptions, show)
    firstRecord += WARM_UP.blobs + shape.blobs * shape.eventsPerBlob
    return figure
  }
  return {
    drain: {
      apart: await run('one row a blob', apart, ''),
      apartInSmallHeap: await run('one row a blob, small heap', apart, SMALL_HEAP),
      shared: await run('many rows a blob', shared, ''),
    },
  }
}

const WARM_UP = { blobs: 50, eventsPerBlob: 1, partition: '1' } as const

async function drainOnce(
  name: string,
  shape: { readonly blobs: number; readonly eventsPerBlob: number },
  firstRecord: number,
  nodeOptions: string,
  show: (text: string) => void,
): Promise<DrainFigure> {
  show(`Draining ${name}: archiving…`)
  const stack = await startStack({
    nowMs: () => systemTime.now(),
    settings: {
      ...SENDS_NOTHING,
      SWEEP_SCHEDULE: SENDS_NOTHING.HEARTBEAT_SCHEDULE,
      NODE_OPTIONS: nodeOptions,
    },
  })
  const storage = startChild('lean-storage')
  try {
    const { blobUrl, tableUrl } = await ask<Pick<AzuriteEndpoints, 'blobUrl' | 'tableUrl'>>(storage)
    const account = (endpoints: Partial<AzuriteEndpoints>): string =>
      azuriteConnectionString({ ...stack.azurite, ...endpoints }, DEVELOPMENT_ACCOUNT.name)
    const connectionString = account({ blobUrl, tableUrl })
    const stores = storesOf(connectionString, () => systemTime.now())
    const warmUp = await archiveBacklog({ ...WARM_UP, firstRecord }, stores.archive)
    const backlog = await archiveBacklog(
      { ...shape, partition: '0', firstRecord: firstRecord + WARM_UP.blobs },
      stores.archive,
      (blobs) => show(`Draining ${name}: archived ${blobs} of ${shape.blobs} blobs…`),
    )
    show(`Draining ${name}: the floor…`)
    await appendAll(backlog, stores.outbox)
    const table = TableClient.fromConnectionString(connectionString, 'outbox', {
      allowInsecureConnection: true,
    })
    const blobs = new Set(backlog.rows.map(({ blob }) => blob))
    const floor = await drainFloor([...blobs], stores.archive, table)
    if (floor.rows !== backlog.rows.length)
      throw new Error(`The floor found ${floor.rows} of ${backlog.rows.length} rows in the outbox.`)
    const floorEventsPerSecond = Math.round(floor.rows / floor.seconds)

    const host = await startHostProcess({
      environment: {
        ...stack.environment,
        AzureWebJobsStorage: account({ tableUrl }),
        ARCHIVE_CONNECTION_STRING: connectionString,
      },
      onLog: () => undefined,
    })
    await appendAll(warmUp, stores.outbox)
    await drained(warmUp, stack, stores, () => undefined)
    await appendAll(backlog, stores.outbox)
    await wait(SETTLE_MS)
    const idleRssMb = await residentMb(host.pid)
    const memory = sampled(host.pid)
    const seconds = await drained(backlog, stack, stores, (events) =>
      show(`Draining ${name}: ${events} of ${backlog.rows.length} events…`),
    )
    const peakRssMb = await memory.stop()
    await host.stop()
    const eventsPerSecond = Math.round(backlog.rows.length / seconds)
    return {
      events: backlog.rows.length,
      blobs: shape.blobs,
      eventsPerSecond,
      floorEventsPerSecond,
      ratio: Math.round((eventsPerSecond / floorEventsPerSecond) * 100) / 100,
      idleRssMb,
      peakRssMb,
    }
  } finally {
    storage.kill()
    await stack.stop()
  }
}

/** Sends the wake-up of a backlog, and waits until nothing is pending; returns the seconds. */
async function drained(
  { outboxPartition, rows }: Backlog,
  { azurite, siem }: Stack,
  { outbox }: Stores,
  onDelivered: (events: number) => void,
): Promise<number> {
  const before = siem.eventIds().size
  const startedMs = systemTime.monotonicMs()
  await wakeUpQueue(new QueueClient(azurite.connectionString, WAKE_UP_QUEUE), systemTime).send(
    outboxPartition,
    0,
  )
  for (let events = 0; events < rows.length; events = siem.eventIds().size - before) {
    onDelivered(events)
    await wait(10)
  }
  while ((await outbox.pendingUntil(outboxPartition)) !== undefined) await wait(10)
  return (systemTime.monotonicMs() - startedMs) / 1000
}

/** Samples the memory of a process. */
function sampled(pid: number): { stop(): Promise<number> } {
  let peakMb = 0
  let isOver = false
  const looking = (async () => {
    while (!isOver) {
      peakMb = Math.max(peakMb, await residentMb(pid))
      await wait(SAMPLE_MS)
    }
  })()
  return {
    async stop() {
      isOver = true
      await looking
      return peakMb
    },
  }
}
