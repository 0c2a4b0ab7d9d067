import { RECORDS_PER_BATCH } from './bench-batches.ts'
import { ask, startChild } from './child.ts'
import type { BenchCounts, HandlerAnswer, HandlerReady, HandlerTask, ReceiversNews } from './counts.ts'

export interface HandlerFigures {
  readonly inFlight: readonly {
    readonly n: number
    readonly recordsPerSecond: number
    readonly floorRecordsPerSecond: number
    readonly ratio: number
  }[]
  readonly cpuMicrosPerRecord: number
  readonly peakRssMb: number
  readonly rssMbOverTime: readonly number[]
  readonly wireMb: number
  readonly wireBytesPerRecord: Readonly<Record<string, number>>
  readonly coldLoadMs: number
  readonly firstBatchMs: number
  readonly skippedMessagesPerSecond: number
  /** Records that each destination should hold, and those that it does, by its own count. */
  readonly recordsIn: number
  readonly recordsOut: Readonly<Record<string, number>>
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** The handler invoked directly, and the floor in the same process; receivers in another. */
export async function benchHandler(quick: boolean, show: (text: string) => void): Promise<HandlerFigures> {
  show('Starting receivers…')
  const receivers = startChild('receivers')
  const news = await ask<Extract<ReceiversNews, { kind: 'listening' }>>(receivers)
  const handler = startChild('handler', news.environment)
  const ready = await ask<HandlerReady>(handler)
  let batch = 1
  const run = async (task: (firstBatch: number) => HandlerTask, batches: number): Promise<HandlerAnswer> => {
    const first = batch
    batch += batches
    return ask<HandlerAnswer>(handler, task(first))
  }
  const rounds = quick ? 1 : 3
  const batches = quick ? 12 : 48
  try {
    show('Warming up…')
    await run((firstBatch) => ({ kind: 'run', firstBatch, batches: 24, inFlight: 1 }), 24)
    await run((firstBatch) => ({ kind: 'floor', firstBatch, batches: 24, inFlight: 1 }), 0)
    const inFlight: HandlerFigures['inFlight'][number][] = []
    let cpuMicrosPerRecord = 0
    for (const n of [1, 4]) {
      const ours: HandlerAnswer[] = []
      const floors: number[] = []
      for (let round = 0; round < rounds; round++) {
        show(`${n} in flight, round ${round + 1} of ${rounds}…`)
        ours.push(await run((firstBatch) => ({ kind: 'run', firstBatch, batches, inFlight: n }), batches))
        const base = await run((firstBatch) => ({ kind: 'floor', firstBatch, batches, inFlight: n }), 0)
        floors.push(base.recordsPerSecond)
      }
      const recordsPerSecond = median(ours.map((o) => o.recordsPerSecond))
      const floorRecordsPerSecond = median(floors)
      inFlight.push({
        n,
        recordsPerSecond,
        floorRecordsPerSecond,
        ratio: Math.round(median(ours.map((o, i) => o.recordsPerSecond / (floors[i] ?? 1))) * 100) / 100,
      })
      if (n === 1) cpuMicrosPerRecord = median(ours.map((o) => o.cpuMicrosPerRecord))
    }
    show('Skipped messages…')
    const skipped = await run((firstBatch) => ({ kind: 'skipped', firstBatch, batches }), batches)
    const records = quick ? 50_000 : 1_000_000
    show(`Memory over ${records.toLocaleString('en')} records…`)
    const memory = await run(
      (firstBatch) => ({ kind: 'memory', firstBatch, records }),
      Math.ceil(records / RECORDS_PER_BATCH),
    )
    const { counts } = await ask<{ readonly counts: BenchCounts }>(receivers, { kind: 'count' })
    const skippedRecords = batches * RECORDS_PER_BATCH
    const recordsIn = batch * RECORDS_PER_BATCH - skippedRecords
    const wire = Object.values(counts).reduce((sum, c) => sum + c.wireBytes, 0)
    return {
      inFlight,
      cpuMicrosPerRecord,
      peakRssMb: memory.peakRssMb,
      rssMbOverTime: tenths(memory.rssMb),
      wireMb: Math.round(wire / 1e5) / 10,
      wireBytesPerRecord: perDestination(counts, (c) => Math.round(c.wireBytes / recordsIn)),
      coldLoadMs: Math.round(ready.coldLoadMs * 10) / 10,
      firstBatchMs: Math.round(ready.firstBatchMs),
      skippedMessagesPerSecond: Math.round(skipped.recordsPerSecond / 10),
      recordsIn,
      recordsOut: perDestination(counts, (c) => c.distinct),
    }
  } finally {
    handler.disconnect()
    receivers.disconnect()
  }
}

const perDestination = (
  counts: BenchCounts,
  figure: (c: BenchCounts['archive']) => number,
): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counts).map(([name, c]) => [name, figure(c)]))

const tenths = (values: readonly number[]): readonly number[] =>
  values.filter((_, i) => i % Math.max(1, Math.floor(values.length / 10)) === 0)
