import { RECORDS_PER_BATCH, RECORDS_PER_MESSAGE } from './bench-batches.ts'
import type { BenchPlan } from './bench-plan.ts'
import type { BatchesFigures, BenchCounts, DestinationCounts, Floor } from './counts.ts'
import type { HandlerFigures, InFlightFigures, OneMessageFigures, Ratio } from './handler-figures.ts'
import { floorAlike, type HandlerSession, type Load, startSession } from './handler-session.ts'
import { benchStarts } from './handler-starts.ts'
import { median } from './median.ts'

const MEMORY_IN_FLIGHT = 4
/** Fewer where memory is measured: the load itself, 1.5 MB a batch, is not the handler's. */
const BATCHES_AHEAD_FOR_MEMORY = 4
const MEMORY_STEPS = 10

type Show = (text: string) => void

const showOn =
  (nodeVersion: string, showText: Show): Show =>
  (text) =>
    showText(`Node ${nodeVersion}, ${text}`)

/** Handler and floors over the same number of batches, one after the other. */
interface Round {
  readonly handler: BatchesFigures
  readonly floor: BatchesFigures
  readonly withDigestsAndRequests: BatchesFigures
}

/**
 * The handler fed directly, beside the floors; receivers in a third process.
 * @param execPath the Node.js that handler and floors run on
 */
export async function benchHandler(
  plan: BenchPlan,
  showText: Show,
  execPath: string = process.execPath,
): Promise<HandlerFigures> {
  showText('Starting receivers and handler…')
  const starts = await benchStarts(plan.starts, showText, execPath)
  const apart = await memoryApart(plan, showText, execPath)
  const session = await startSession(execPath)
  const { nodeVersion } = session.ready
  const show = showOn(nodeVersion, showText)
  try {
    show('warming up…')
    const warmUp = { batches: plan.warmUpBatches }
    const floor = await floorAlike(session, warmUp)
    await session.runFloor({ kind: 'plain' }, warmUp)
    await session.runFloor(floor, warmUp)

    const alone = await roundsOf(session, plan, floor, 1, show)
    const fourInFlight = await roundsOf(session, plan, floor, 4, show)
    show('skipped messages…')
    const skipped = await session.run({ batches: plan.batchesPerRound, isOtherCategory: true })

    const inBatches = sumOf((await session.received()).counts, apart.counts)
    const recordsInBatches = session.recordsIn() + apart.recordsIn
    const wire = Object.values(inBatches).reduce((sum, c) => sum + c.wireBytes, 0)
    const oneMessage = await benchOneMessage(session, plan, show)
    const counts = sumOf(sumOf((await session.received()).counts, apart.counts), starts.counts)
    return {
      nodeVersion,
      inFlight: [figuresOf(alone, 1, nodeVersion), figuresOf(fourInFlight, 4, nodeVersion)],
      cpuMicrosPerRecord: median(alone.map(({ handler }) => handler.cpuMicrosPerRecord)),
      ...apart.memory,
      wireMb: Math.round(wire / 1e5) / 10,
      wireBytesPerRecord: perDestination(inBatches, (c) => Math.round(c.wireBytes / recordsInBatches)),
      ...starts.figures,
      skippedMessagesPerSecond: Math.round(skipped.recordsPerSecond / RECORDS_PER_MESSAGE),
      recordsIn: session.recordsIn() + apart.recordsIn + starts.recordsIn,
      recordsOut: perDestination(counts, (c) => c.distinct),
      heapBytesPerRecord: median(alone.map(({ handler }) => handler.heapBytesPerRecord)),
      floorHeapBytesPerRecord: median(alone.map((round) => round.floor.heapBytesPerRecord)),
      requestsPerBatch: floor.requests,
      oneMessage,
    }
  } finally {
    session.end()
  }
}

async function roundsOf(
  session: HandlerSession,
  plan: BenchPlan,
  withDigestsAndRequests: Floor,
  inFlight: number,
  show: Show,
): Promise<readonly Round[]> {
  const load: Load = { batches: plan.batchesPerRound, inFlight }
  const rounds: Round[] = []
  for (let round = 1; round <= plan.rounds; round++) {
    show(`${inFlight} in flight, round ${round} of ${plan.rounds}…`)
    rounds.push({
      handler: await session.run(load),
      floor: await session.runFloor({ kind: 'plain' }, load),
      withDigestsAndRequests: await session.runFloor(withDigestsAndRequests, load),
    })
  }
  return rounds
}

function figuresOf(rounds: readonly Round[], n: number, nodeVersion: string): InFlightFigures {
  const handlers = rounds.map(({ handler }) => handler)
  const beside = (floors: readonly BatchesFigures[]): Ratio => ({
    recordsPerSecond: median(floors.map((f) => f.recordsPerSecond)),
    ratio: hundredths(median(handlers.map((h, i) => ratio(h, floors[i], (a) => a.recordsPerSecond)))),
    cpuMicrosPerRecord: median(floors.map((f) => f.cpuMicrosPerRecord)),
    cpuRatio: hundredths(
      median(handlers.map((h, i) => 1 / ratio(h, floors[i], (a) => a.cpuMicrosPerRecord))),
    ),
  })
  const floor = beside(rounds.map((round) => round.floor))
  return {
    n,
    recordsPerSecond: median(handlers.map((h) => h.recordsPerSecond)),
    floorRecordsPerSecond: floor.recordsPerSecond,
    ratio: floor.ratio,
    nodeVersion,
    cpuMicrosPerRecord: median(handlers.map((h) => h.cpuMicrosPerRecord)),
    floorCpuMicrosPerRecord: floor.cpuMicrosPerRecord,
    cpuRatio: floor.cpuRatio,
    floorWithDigestsAndRequests: beside(rounds.map((round) => round.withDigestsAndRequests)),
  }
}

/** Batches of one message, as a quiet stream hands over. */
async function benchOneMessage(
  session: HandlerSession,
  plan: BenchPlan,
  show: Show,
): Promise<OneMessageFigures> {
  show('one message a batch…')
  const load: Load = {
    batches: plan.oneMessageBatches,
    messagesPerBatch: 1,
    batchesAhead: plan.oneMessageBatches,
  }
  const floor = await floorAlike(session, load)
  const { cpuMicrosPerBatch, latencyMs } = await session.run(load)
  const beside = await session.runFloor(floor, load)
  return {
    batches: load.batches,
    cpuMicrosPerBatch,
    latencyMs,
    requestsPerBatch: floor.requests,
    floorWithDigestsAndRequests: {
      cpuMicrosPerBatch: beside.cpuMicrosPerBatch,
      latencyMs: beside.latencyMs,
    },
  }
}

/** Memory in processes of its own, whose handler never holds more of the load than this takes. */
async function memoryApart(plan: BenchPlan, showText: Show, execPath: string) {
  const session = await startSession(execPath)
  try {
    const memory = await memoryOver(session, plan, showOn(session.ready.nodeVersion, showText))
    const { counts } = await session.received()
    return { memory, counts, recordsIn: session.recordsIn() }
  } finally {
    session.end()
  }
}

/** Many records, four batches in flight, and what they take of the receivers meanwhile. */
async function memoryOver(
  session: HandlerSession,
  { memoryRecords }: BenchPlan,
  show: Show,
): Promise<Pick<HandlerFigures, 'peakRssMb' | 'rssMbOverTime' | 'receiversCpuMicrosPerRecord'>> {
  const allBatches = Math.ceil(memoryRecords / RECORDS_PER_BATCH)
  const steps = Math.min(MEMORY_STEPS, allBatches)
  const batches = Math.ceil(allBatches / steps)
  const before = await session.received()
  const peaks: number[] = []
  const over: number[] = []
  for (let step = 0; step < steps; step++) {
    show(`memory over ${memoryRecords.toLocaleString('en')} records, ${Math.round((100 * step) / steps)} %…`)
    const { peakRssMb, rssMb } = await session.run({
      batches,
      inFlight: MEMORY_IN_FLIGHT,
      batchesAhead: BATCHES_AHEAD_FOR_MEMORY,
    })
    peaks.push(peakRssMb)
    over.push(rssMb.at(-1) ?? 0)
  }
  const after = await session.received()
  const records = steps * batches * RECORDS_PER_BATCH
  return {
    peakRssMb: Math.max(...peaks),
    rssMbOverTime: over,
    receiversCpuMicrosPerRecord: Math.round(((after.cpuMicros - before.cpuMicros) / records) * 10) / 10,
  }
}

const sumOf = (a: BenchCounts, b: BenchCounts): BenchCounts => ({
  archive: sum(a.archive, b.archive),
  'log-analytics': sum(a['log-analytics'], b['log-analytics']),
  webhook: sum(a.webhook, b.webhook),
})

const sum = (a: DestinationCounts, b: DestinationCounts): DestinationCounts => ({
  distinct: a.distinct + b.distinct,
  requests: a.requests + b.requests,
  wireBytes: a.wireBytes + b.wireBytes,
})

const ratio = (
  handler: BatchesFigures,
  floor: BatchesFigures | undefined,
  figure: (answer: BatchesFigures) => number,
): number => (floor === undefined ? Number.NaN : figure(handler) / figure(floor))

const hundredths = (value: number): number => Math.round(value * 100) / 100

const perDestination = (
  counts: BenchCounts,
  figure: (c: BenchCounts['archive']) => number,
): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counts).map(([name, c]) => [name, figure(c)]))
