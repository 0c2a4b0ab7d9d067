import { describe, expect, it } from 'vitest'
import { type ModelRun, modelRun } from '../../../../local/checks/chaos/model/model-run.ts'
import type { Injection } from '../../../../local/checks/chaos/model/program.ts'
import { DuplicateWindow } from '../../../../shared/delivery/dedup/duplicate-window.ts'
import { SettledRangeTracker } from '../../../../shared/delivery/dedup/settled-ranges.ts'
import { PendingMemory } from '../../../../shared/delivery/outbox/pending-memory.ts'
import { DELIVERED } from '../../../../shared/delivery/sink.ts'
import type { ArchivedEvent } from '../../../../shared/domain/exported-event.ts'
import type { EventId } from '../../../../shared/domain/identifiers.ts'
import { DEFECT_NAMES, DEFECTS, type DefectName, defectOf } from '../../../support/defects.ts'
import { runLength } from '../../../support/run-length.ts'

/** Says that a chunk is in the archive and writes it with the next one. */
const acknowledgesBeforeTheArchiveWrite: Injection = (deps) => {
  let write = async (): Promise<unknown> => undefined
  return {
    ...deps,
    archive: {
      async write(chunk) {
        await write()
        const kept = { ...chunk, content: Buffer.from(chunk.content) }
        write = () => deps.archive.write(kept)
        return 'written'
      },
    },
  }
}

/** Takes a partial success for a whole one. */
const dropsTheRemainderOfAPartialSuccess: Injection = (deps) => ({
  ...deps,
  pipelines: deps.pipelines.map((pipeline) => ({
    ...pipeline,
    sink: {
      ...pipeline.sink,
      async deliver(batch, signal) {
        const outcome = await pipeline.sink.deliver(batch, signal)
        return outcome.status === 'partial' ? DELIVERED : outcome
      },
    },
  })),
})

/** Advances the settled ranges once a chunk is in the archive, before it is delivered. */
const settlesRangesEarly: Injection = (deps) => ({
  ...deps,
  archive: {
    async write(chunk) {
      const written = await deps.archive.write(chunk)
      const sinks = deps.pipelines.map(({ sink }) => sink.name)
      await deps.settledRanges.settled({ first: chunk.first, last: chunk.last }, sinks)
      return written
    },
  },
})

/** Knows ids alone, and knows them from before they are settled. */
class HastyWindow extends DuplicateWindow {
  readonly #ids = new Set<EventId>()

  override isDuplicate({ event }: ArchivedEvent): boolean {
    const known = this.#ids.has(event.eventId)
    this.#ids.add(event.eventId)
    return known
  }
}

const fillsTheWindowBeforeSettlement: Injection = (deps) => ({
  ...deps,
  pipelines: deps.pipelines.map((pipeline) => ({ ...pipeline, window: new HastyWindow() })),
})

/** Goes on when the outbox could not be written. */
const forgetsRowsThatItCouldNotWrite: Injection = (deps) => ({
  ...deps,
  outbox: {
    ...deps.outbox,
    append: (outboxPartition, rows) => deps.outbox.append(outboxPartition, rows).catch(() => undefined),
  },
})

/** Never thinks of what is pending already. */
class Forgetful extends PendingMemory {
  override async hasPending(): Promise<boolean> {
    return false
  }
}

const sendsPastWhatIsPending: Injection = (deps) => ({
  ...deps,
  pipelines: deps.pipelines.map((pipeline) => ({ ...pipeline, pendingMemory: new Forgetful() })),
})

/** Hands over every delivery twice, though the first one was answered. */
const deliversTwice: Injection = (deps) => ({
  ...deps,
  pipelines: deps.pipelines.map((pipeline) => ({
    ...pipeline,
    sink: {
      ...pipeline.sink,
      async deliver(batch, signal) {
        await pipeline.sink.deliver(batch, signal)
        return pipeline.sink.deliver(batch, signal)
      },
    },
  })),
})

/** Ignores the settled ranges. */
const runsAgainWhatIsSettled: Injection = (deps) => ({
  ...deps,
  settledRanges: new SettledRangeTracker(
    { read: async () => ({ bySink: new Map(), etag: undefined }), write: async () => 'written' },
    () => undefined,
  ),
})

/** Knows nothing. */
class EmptyWindow extends DuplicateWindow {
  override isDuplicate(): boolean {
    return false
  }
}

const forgetsWhatItHasSeen: Injection = (deps) => ({
  ...deps,
  pipelines: deps.pipelines.map((pipeline) => ({ ...pipeline, window: new EmptyWindow() })),
})

const injected =
  (name: DefectName): Injection =>
  (deps) => {
    const { read, archive, sink } = defectOf([name])
    return {
      ...deps,
      read: read(deps.read),
      archive: archive(deps.archive),
      pipelines: deps.pipelines.map((pipeline) => ({ ...pipeline, sink: sink(pipeline.sink) })),
    }
  }

/** Most bugs show in less than half of a run. */
const TURNS = 50

/** @param shownBy a seed that showed it once, which is tried first */
async function firstCaught(
  inject: Injection,
  caught: (run: ModelRun) => boolean,
  shownBy = 1,
): Promise<ModelRun | undefined> {
  for (const seed of [shownBy, ...Array.from({ length: 25 }, (_, i) => i + 1)]) {
    const run = await modelRun({ seed, inject, turns: TURNS })
    if (caught(run)) return run
  }
  return undefined
}

describe('the verifier of chaos catches a program that', () => {
  it.each([
    ['acknowledges before the archive write', acknowledgesBeforeTheArchiveWrite, /is not in the archive/],
    ['drops the remainder of a partial success', dropsTheRemainderOfAPartialSuccess, /did not reach/, 7],
    ['notes settled ranges early', settlesRangesEarly, /did not reach/],
    ['fills the window before settlement', fillsTheWindowBeforeSettlement, /did not reach/],
    [
      'forgets a pending delivery that it could not write',
      forgetsRowsThatItCouldNotWrite,
      /did not reach/,
      3,
    ],
  ])('%s', async (_, inject, problem, shownBy?: number) => {
    const run = await firstCaught(inject, ({ lost }) => lost > 0, shownBy)
    expect(run?.problems.join('\n')).toMatch(problem)
  })

  it.each([
    ['delivers twice', deliversTwice],
    ['runs again what is settled', runsAgainWhatIsSettled],
    ['forgets what it has seen', forgetsWhatItHasSeen],
  ])('%s, though nothing is lost', async (_, inject) => {
    const run = await firstCaught(inject, ({ problems }) => problems.length > 0)
    expect(run?.lost).toBe(0)
    expect(run?.problems[0]).toMatch(
      /^event \w{12} is at [\w-]+ once more for no known cause: from .+; before from /,
    )
  })

  it.each(DEFECT_NAMES)('%s', async (name) => {
    const { problem } = DEFECTS[name]
    const run = await firstCaught(injected(name), ({ problems }) => problem.test(problems.join('\n')))
    expect(run?.problems.join('\n')).toMatch(problem)
  })

  it('sends past what is pending', async () => {
    const isOutOfOrder = (events: readonly Pick<ArchivedEvent, 'position'>[]): boolean =>
      events.some((event, i) =>
        events
          .slice(i + 1)
          .some(
            ({ position }) =>
              position.partition === event.position.partition &&
              position.enqueuedAt < event.position.enqueuedAt,
          ),
      )
    const disruptions = {
      crashes: false,
      storage: false,
      reruns: false,
      recreation: false,
      behaviours: ['up', 'down'],
    } as const
    const disorder = async (runs: number, inject?: Injection) => {
      for (let seed = 1; seed <= runs; seed++) {
        const { received } = await modelRun({
          seed,
          disruptions,
          ...(inject === undefined ? {} : { inject }),
        })
        if ([...received.values()].some(isOutOfOrder)) return true
      }
      return false
    }
    expect(await disorder(10, sendsPastWhatIsPending)).toBe(true)
    expect(await disorder(runLength(1, 10))).toBe(false)
  })
})
