import { dirname } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { HubMessage } from '../../emulators/functions-host/event-hub/hub-message.ts'
import { type FunctionApp, loadFunctionApp } from '../../emulators/functions-host/function-app.ts'
import { packageRoot } from '../../stack/package-root.ts'
import { latenciesOf } from '../load/latencies.ts'
import { countAllocatedHeap } from './allocated-heap.ts'
import { benchMessages, MESSAGES_PER_BATCH, RECORDS_PER_MESSAGE, skippedMessages } from './bench-batches.ts'
import type { HandlerAnswer, HandlerReady, HandlerTask, Subject } from './counts.ts'
import type { Post } from './poster.ts'

const MEGABYTE = 1024 * 1024

type Handle = (batch: readonly HubMessage[], pipeline: number) => Promise<void>

interface TimedRange {
  readonly ms: number
  readonly cpuMicros: number
  readonly heapBytes: number
  readonly latenciesMs: readonly number[]
}

/** Runs batches, `inFlight` concurrently, each in a partition of its own. */
async function timed(
  batches: readonly (readonly HubMessage[])[],
  inFlight: number,
  handle: Handle,
): Promise<TimedRange> {
  let next = 0
  const latenciesMs: number[] = []
  const allocatedHeap = countAllocatedHeap()
  const cpu = process.cpuUsage()
  const start = performance.now()
  const pipeline = async (_: unknown, number: number): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
      const handedOver = performance.now()
      await handle(batch, number)
      latenciesMs.push(performance.now() - handedOver)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, pipeline))
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return { ms, cpuMicros: user + system, heapBytes: allocatedHeap(), latenciesMs }
}

async function measure(task: HandlerTask, handle: Handle): Promise<HandlerAnswer> {
  const { firstMessage, messagesPerBatch, batchesAhead } = task
  const make = task.isOtherCategory ? skippedMessages : benchMessages
  const ranges: TimedRange[] = []
  const rssMb: number[] = []
  for (let done = 0; done < task.batches; done += batchesAhead) {
    const batches = Array.from({ length: Math.min(batchesAhead, task.batches - done) }, (_, i) =>
      make(firstMessage + (done + i) * messagesPerBatch, messagesPerBatch),
    )
    await turn()
    ranges.push(await timed(batches, task.inFlight, handle))
    rssMb.push(Math.round(process.memoryUsage.rss() / MEGABYTE))
  }
  const sum = (figure: (range: TimedRange) => number): number =>
    ranges.reduce((total, range) => total + figure(range), 0)
  const records = task.batches * messagesPerBatch * RECORDS_PER_MESSAGE
  const cpuMicros = sum((range) => range.cpuMicros)
  const { p50, p99 } = latenciesOf(ranges.flatMap(({ latenciesMs }) => latenciesMs))
  return {
    recordsPerSecond: Math.round((records / sum(({ ms }) => ms)) * 1000),
    cpuMicrosPerRecord: tenths(cpuMicros / records),
    cpuMicrosPerBatch: Math.round(cpuMicros / task.batches),
    latencyMs: { p50: tenths(p50), p99: tenths(p99) },
    heapBytesPerRecord: Math.round(sum(({ heapBytes }) => heapBytes) / records),
    peakRssMb: Math.max(...rssMb),
    rssMb,
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10

const handlerOf =
  (app: FunctionApp): Handle =>
  async (messages, pipeline) => {
    const outcome = await app.invokeEventHub('ingest', { messages, partitionId: String(pipeline) })
    if (!outcome.ok) throw new Error(`The handler failed: ${outcome.error.message}`)
  }

/** Connections are kept from one task to the next. */
let post: Post | undefined

/**
 * The floors are imported when they are first needed: what they import (`node:http`, say) would
 * otherwise be missing from the time that the app takes to load.
 */
async function handleOf(subject: Subject, handler: Handle): Promise<Handle> {
  switch (subject.kind) {
    case 'handler':
      return handler
    case 'floor':
      return (await import('./floor.ts')).floor
    case 'floorWithDigestsAndRequests': {
      const { floorWithDigestsAndRequests } = await import('./floor-with-digests-and-requests.ts')
      const { poster } = await import('./poster.ts')
      post ??= poster(subject.targets.caPem)
      return floorWithDigestsAndRequests(post, subject.targets, subject.requests)
    }
  }
}

/** The handler in a process of its own, as in the Functions worker. */
async function main(): Promise<void> {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  let coldLoadMs = 0
  const start = performance.now()
  const app = await loadFunctionApp({
    appDirectory: packageRoot(dirname(fileURLToPath(import.meta.url))) ?? process.cwd(),
    environment,
    log: (entry) => {
      if (entry.level === 'error' || entry.level === 'warning') process.stderr.write(`${entry.message}\n`)
    },
    onLoaded: () => {
      coldLoadMs = performance.now() - start
    },
  })
  const startedMs = performance.now() - start
  const first = benchMessages(0, MESSAGES_PER_BATCH)
  const madeMs = performance.now()
  const handler = handlerOf(app)
  await handler(first, 0)
  const firstBatchMs = startedMs + performance.now() - madeMs
  process.send?.({
    kind: 'ready',
    nodeVersion: process.versions.node,
    coldLoadMs,
    firstBatchMs,
  } satisfies HandlerReady)
  const perform = async (task: HandlerTask): Promise<HandlerAnswer> =>
    measure(task, await handleOf(task.subject, handler))
  process.on('message', (task: HandlerTask) => {
    perform(task).then(
      (answer) => process.send?.(answer),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(1)
      },
    )
  })
  process.once('disconnect', () => process.exit(0))
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
