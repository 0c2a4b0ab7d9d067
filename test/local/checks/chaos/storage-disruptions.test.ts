import { describe, expect, it } from 'vitest'
import { ALL_DISRUPTIONS, type Disruptions } from '../../../../local/checks/chaos/model/disruptions.ts'
import { type ModelRun, modelRun } from '../../../../local/checks/chaos/model/model-run.ts'
import type { StorageInjection } from '../../../../local/checks/chaos/model/program.ts'
import { runLength } from '../../../support/run-length.ts'

const seeds = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

/** What went wrong in so many runs. */
async function problemsOf(count: number, disruptions: Disruptions): Promise<readonly string[]> {
  const runs: ModelRun[] = []
  for (const seed of seeds(count)) runs.push(await modelRun({ seed, disruptions }))
  return runs.flatMap(({ seed, problems }) =>
    problems.slice(0, 3).map((problem) => `seed ${seed}: ${problem}`),
  )
}

/**
 * Whether a program with a defect is found out by this, in one of so many runs.
 * @param shownBy a seed that showed it once, which is tried first
 */
async function isCaught(
  disruptions: Disruptions,
  injectInStorage: StorageInjection,
  problem: RegExp,
  shownBy = 1,
): Promise<boolean> {
  for (const seed of [shownBy, ...seeds(25)]) {
    const { problems } = await modelRun({ seed, disruptions, injectInStorage, turns: 50 })
    if (problems.some((text) => problem.test(text))) return true
  }
  return false
}

describe('an archive that says of what it did not store that it is there', () => {
  const LYING: Disruptions = { ...ALL_DISRUPTIONS, lies: true }

  it('loses nothing', async () => {
    expect(await problemsOf(runLength(4, 30), LYING)).toEqual([])
  })

  it('costs what it lied about, where the program takes its word', async () => {
    const believes: StorageInjection = (ports) => ({
      ...ports,
      archive: { write: (chunk) => ports.archive.write(chunk).catch(() => 'alreadyThere' as const) },
    })
    expect(await isCaught(LYING, believes, /^message \S+ is not in the archive$/)).toBe(true)
  })
})

describe('an outage that leaves many rows of one event each', () => {
  /** More in the one partition than a table lists at a time. */
  const MESSAGES = runLength(1_300, 3_000)
  const outage = (messagesInOutage: number, injectInStorage?: StorageInjection) =>
    modelRun({
      seed: 1,
      turns: 0,
      messagesInOutage,
      ...(injectInStorage === undefined ? {} : { injectInStorage }),
    })

  it('is drained to the last event, in order', async () => {
    const { problems, rowsInOutage, sinks, received } = await outage(MESSAGES)
    expect(problems).toEqual([])
    expect(rowsInOutage).toBeGreaterThan(MESSAGES * 0.9)
    const { delivered = 0, deadLettered = 0 } = sinks.get('webhook') ?? {}
    expect(delivered + deadLettered).toBe(MESSAGES)
    for (const partition of ['0', '1']) {
      const numbers = (received.get('webhook') ?? [])
        .filter(({ position }) => position.partition === partition)
        .map(({ position }) => position.sequenceNumber)
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    }
  })

  it('costs events, where the program keeps no more than a hundred rows', async () => {
    const kept = new Map<string, number>()
    const isBounded: StorageInjection = (ports) => ({
      ...ports,
      outbox: {
        ...ports.outbox,
        append: async (outboxPartition, rows) => {
          const key = JSON.stringify(outboxPartition)
          const before = kept.get(key) ?? 0
          if (before > 100) return
          kept.set(key, before + rows.length)
          await ports.outbox.append(outboxPartition, rows)
        },
      },
    })
    const { lost, problems } = await outage(300, isBounded)
    expect(lost).toBeGreaterThan(0)
    expect(problems[0]).toMatch(/^record \S+ \(detection\d+\) did not reach [\w-]+$/)
  })
})

describe('clocks that are wrong for seconds, by minutes, a year or a day', () => {
  const WRONG: Disruptions = { ...ALL_DISRUPTIONS, clocks: true, garbage: false }

  it('lose nothing, dead-letter nothing that was not pending too long, and hold up nothing once they are right', async () => {
    expect(await problemsOf(runLength(4, 40), WRONG)).toEqual([])
  })

  it('hold up a partition, where the program believes for how long it was once put off', async () => {
    const putOffUntil = new Map<string, number>()
    const believes: StorageInjection = (ports, time) => ({
      ...ports,
      outbox: {
        ...ports.outbox,
        acquire: async (outboxPartition, ms) =>
          time.now() < (putOffUntil.get(JSON.stringify(outboxPartition)) ?? 0)
            ? undefined
            : ports.outbox.acquire(outboxPartition, ms),
        release: async (lease, dueAt) => {
          putOffUntil.set(JSON.stringify(lease.outboxPartition), dueAt ?? 0)
          return ports.outbox.release(lease, dueAt)
        },
      },
    })
    expect(await isCaught(WRONG, believes, /^it did not settle everything$/)).toBe(true)
  })
})

describe('rows in the tables that nobody can read', () => {
  const GARBAGE: Disruptions = { ...ALL_DISRUPTIONS, clocks: false, garbage: true }

  it('lose nothing, and hold up no row beside them', async () => {
    expect(await problemsOf(runLength(4, 40), GARBAGE)).toEqual([])
  })

  it('hold up the rows behind them, where the program stops at them', async () => {
    const stops: StorageInjection = (ports, _, { tables }) => ({
      ...ports,
      outbox: {
        ...ports.outbox,
        rows: async (outboxPartition, ...limits) => {
          const rows = await ports.outbox.rows(outboxPartition, ...limits)
          for await (const { partitionKey = '', rowKey = '' } of tables.outbox.listEntities())
            if (rowKey.endsWith('0-garbage') && partitionKey.startsWith(outboxPartition.sink)) return []
          return rows
        },
      },
    })
    expect(await isCaught(GARBAGE, stops, /^it did not settle everything$/)).toBe(true)
  })

  it('have what is settled delivered again and again, where the program never replaces settled ranges that it cannot read', async () => {
    const keeps: StorageInjection = (ports, _, { tables }) => {
      const isSpoilt = async (): Promise<boolean> => {
        for await (const { settledRanges } of tables.settledRanges.listEntities())
          if (typeof settledRanges !== 'string' || !settledRanges.endsWith('}')) return true
        return false
      }
      return {
        ...ports,
        settledRanges: {
          read: async (partition) =>
            (await isSpoilt()) ? { bySink: new Map(), etag: undefined } : ports.settledRanges.read(partition),
          write: async (partition, settledRanges) =>
            (await isSpoilt()) ? 'not written' : ports.settledRanges.write(partition, settledRanges),
        },
      }
    }
    expect(await isCaught(GARBAGE, keeps, /once more for no known cause/, 17)).toBe(true)
  })
})
