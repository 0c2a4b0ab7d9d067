import { dirname } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { HubMessage } from '../../emulators/functions-host/event-hub/hub-message.ts'
import { type FunctionApp, loadFunctionApp } from '../../emulators/functions-host/function-app.ts'
import { packageRoot } from '../../stack/package-root.ts'
import { benchBatch, RECORDS_PER_BATCH, skippedBatch } from './bench-batches.ts'
import type { HandlerAnswer, HandlerReady, HandlerTask } from './counts.ts'
import { floor } from './floor.ts'

/** Batches created before a timed range, which must not include that. */
const BATCHES_AHEAD = 24
/** Fewer when measuring memory: the load itself takes 1.5 MB per batch. */
const BATCHES_AHEAD_FOR_MEMORY = 4
const MEGABYTE = 1024 * 1024

type Handle = (batch: readonly HubMessage[], pipeline: number) => Promise<void>

interface PositionRange {
  readonly ms: number
  readonly cpuMicros: number
}

/** Runs batches, `inFlight` concurrently, each in a partition of its own. */
async function timed(
  batches: readonly (readonly HubMessage[])[],
  inFlight: number,
  handle: Handle,
): Promise<PositionRange> {
  let next = 0
  const cpu = process.cpuUsage()
  const start = performance.now()
  const pipeline = async (_: unknown, number: number): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++])
      await handle(batch, number)
  }
  await Promise.all(Array.from({ length: inFlight }, pipeline))
  const { user, system } = process.cpuUsage(cpu)
  return { ms: performance.now() - start, cpuMicros: user + system }
}

async function measure(
  firstBatch: number,
  count: number,
  inFlight: number,
  make: (batch: number) => readonly HubMessage[],
  handle: Handle,
  ahead: number = BATCHES_AHEAD,
): Promise<HandlerAnswer> {
  let ms = 0
  let cpuMicros = 0
  let peak = 0
  const rssMb: number[] = []
  for (let done = 0; done < count; done += ahead) {
    const batches = Array.from({ length: Math.min(ahead, count - done) }, (_, i) =>
      make(firstBatch + done + i),
    )
    await turn()
    const range = await timed(batches, inFlight, handle)
    ms += range.ms
    cpuMicros += range.cpuMicros
    const rss = process.memoryUsage.rss() / MEGABYTE
    peak = Math.max(peak, rss)
    rssMb.push(Math.round(rss))
  }
  const records = count * RECORDS_PER_BATCH
  return {
    recordsPerSecond: Math.round((records / ms) * 1000),
    cpuMicrosPerRecord: Math.round((cpuMicros / records) * 10) / 10,
    peakRssMb: Math.round(peak),
    rssMb,
  }
}

const handlerOf =
  (app: FunctionApp): Handle =>
  async (messages, pipeline) => {
    const outcome = await app.invokeEventHub('ingest', { messages, partitionId: String(pipeline) })
    if (!outcome.ok) throw new Error(`The handler failed: ${outcome.error.message}`)
  }

async function perform(task: HandlerTask, handle: Handle): Promise<HandlerAnswer> {
  switch (task.kind) {
    case 'run':
      return measure(task.firstBatch, task.batches, task.inFlight, benchBatch, handle)
    case 'floor':
      return measure(task.firstBatch, task.batches, task.inFlight, benchBatch, (batch) => floor(batch))
    case 'skipped':
      return measure(task.firstBatch, task.batches, 1, skippedBatch, handle)
    case 'memory':
      return measure(
        task.firstBatch,
        Math.ceil(task.records / RECORDS_PER_BATCH),
        4,
        benchBatch,
        handle,
        BATCHES_AHEAD_FOR_MEMORY,
      )
  }
}

/** The handler in a process of its own, as in the Functions worker. */
async function main(): Promise<void> {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  const start = performance.now()
  const app = await loadFunctionApp({
    appDirectory: packageRoot(dirname(fileURLToPath(import.meta.url))) ?? process.cwd(),
    environment,
    log: (entry) => {
      if (entry.level === 'error' || entry.level === 'warning') process.stderr.write(`${entry.message}\n`)
    },
  })
  const coldLoadMs = performance.now() - start
  const first = benchBatch(0)
  const madeMs = performance.now()
  const handle = handlerOf(app)
  await handle(first, 0)
  const firstBatchMs = coldLoadMs + performance.now() - madeMs
  process.send?.({ kind: 'ready', coldLoadMs, firstBatchMs } satisfies HandlerReady)
  process.on('message', (task: HandlerTask) => {
    perform(task, handle).then(
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
