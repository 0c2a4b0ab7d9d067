import { expect, it } from 'vitest'
import { type BenchFigures, benchText, problemsOf } from '../../../../local/checks/bench/bench-text.ts'
import { benchHandler } from '../../../../local/checks/bench/handler-bench.ts'

/** What scripts read of `--json` since its first version. */
const KEYS = [
  'inFlight',
  'cpuMicrosPerRecord',
  'peakRssMb',
  'rssMbOverTime',
  'wireMb',
  'wireBytesPerRecord',
  'coldLoadMs',
  'firstBatchMs',
  'skippedMessagesPerSecond',
  'recordsIn',
  'recordsOut',
]
const TINY_PLAN = {
  starts: 1,
  warmUpBatches: 1,
  rounds: 1,
  batchesPerRound: 1,
  oneMessageBatches: 3,
  memoryRecords: 1000,
}

it('a bench of the built handler says what it measured, and on which Node.js', async () => {
  const shown: string[] = []
  const figures = await benchHandler(TINY_PLAN, (text) => shown.push(text))

  expect(Object.keys(figures)).toEqual(expect.arrayContaining(KEYS))
  expect(figures.inFlight.map(({ n }) => n)).toEqual([1, 4])
  for (const one of figures.inFlight) {
    expect(one.nodeVersion).toBe(process.versions.node)
    for (const key of ['recordsPerSecond', 'floorRecordsPerSecond', 'ratio'] as const)
      expect(one[key]).toBeGreaterThan(0)
    expect(one.cpuRatio).toBeCloseTo(one.floorCpuMicrosPerRecord / one.cpuMicrosPerRecord, 1)
    expect(one.floorWithDigestsAndRequests.cpuMicrosPerRecord).toBeGreaterThan(0)
  }
  // The same first batch of all starts; a first batch and one of memory; another, warm-up, a round each of one and four in
  // flight; twice three messages, to count their requests and to measure.
  const records = 1000 * (1 + 1 + 1 + 1 + 1 + 1 + 1) + 10 * 2 * 3
  expect(figures.recordsIn).toBe(records)
  expect(figures.recordsOut).toEqual({ archive: records, 'log-analytics': records, webhook: records })
  expect(figures.requestsPerBatch).toMatchObject({ archive: 1 })
  expect(figures.heapBytesPerRecord).toBeGreaterThan(0)
  expect(figures.floorHeapBytesPerRecord).toBeGreaterThan(0)
  expect(figures.receiversCpuMicrosPerRecord).toBeGreaterThan(0)
  expect(figures.rssMbOverTime).toHaveLength(1)
  expect(figures.firstBatchAfterPauseMs).toBeGreaterThan(0)
  const { oneMessage } = figures
  expect(oneMessage.latencyMs.p99).toBeGreaterThanOrEqual(oneMessage.latencyMs.p50)
  expect(oneMessage.cpuMicrosPerBatch).toBeGreaterThan(0)
  expect(shown).toContain(`Node ${process.versions.node}, 4 in flight, round 1 of 1…`)

  const text = benchText(figures)
  const [alone] = figures.inFlight
  expect(text).toContain(`${alone?.ratio} of the floor on Node ${process.versions.node}`)
  expect(problemsOf(figures)).toEqual([])
}, 60_000)

it('a run in which a destination lacks records is reported as invalid, with the Node.js it ran on', () => {
  const figures: BenchFigures = {
    nodeVersion: '20.0.0',
    recordsIn: 100,
    recordsOut: { archive: 100, webhook: 90 },
  }
  expect(problemsOf(figures)).toEqual([
    'Node 20.0.0: webhook holds 90 of 100 records. The figures are invalid; the machine may be overloaded: try again.',
  ])
})
