import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localKeys } from '../../shared/evidence/keys/local-keys.ts'
import type { LogStore } from '../../shared/evidence/log-store.ts'
import { seal } from '../../shared/evidence/seal/seal.ts'
import type { SealedArchive } from '../../shared/evidence/seal/seal-ports.ts'
import {
  aBlob,
  MemoryArchive,
  MemoryLog,
  newKeyPem,
  OPTIONS,
  portsOf,
  readLog,
  sealedNames,
} from '../support/evidence-world.ts'

class Killed extends Error {}

/** Ends a process at one of its steps: before the step takes effect, or after. */
class Process {
  #steps = 0
  readonly #killedAt: number
  readonly #takesEffect: boolean

  constructor(killedAt: number, takesEffect: boolean) {
    this.#killedAt = killedAt
    this.#takesEffect = takesEffect
  }

  async step<T>(work: () => Promise<T>): Promise<T> {
    this.#steps += 1
    if (this.#steps < this.#killedAt) return work()
    if (this.#steps === this.#killedAt && this.#takesEffect) await work()
    throw new Killed()
  }
}

/** A process's view of archive and log, each call in the order of a scheduler. */
function seenBy(process: Process, scheduler: fc.Scheduler, archive: MemoryArchive, log: MemoryLog) {
  const turn = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    await scheduler.schedule(Promise.resolve(), what)
    return process.step(work)
  }
  const seenLog: LogStore = {
    read: (name) => turn(`read ${name}`, () => log.read(name)),
    create: (name, content) => turn(`create ${name}`, () => log.create(name, content)),
    put: (name, content) => turn(`put ${name}`, () => log.put(name, content)),
    advance: (name, content, isNewer) => turn(`advance ${name}`, () => log.advance(name, content, isNewer)),
    names: (prefix) => log.names(prefix),
  }
  const seenArchive: SealedArchive = {
    days: () => turn('days', () => archive.days()),
    blobsOf: (day) => archive.blobsOf(day),
    read: (name) => turn('read blob', () => archive.read(name)),
  }
  return { seenLog, seenArchive }
}

const A_PROCESS = fc.record({
  killedAt: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.constant(Number.POSITIVE_INFINITY)),
  takesEffect: fc.boolean(),
  rotates: fc.boolean(),
})

describe('many sealers at once, killed at any step', () => {
  it('make one log without a hole, with every blob once, and no two checkpoints that contradict', async () => {
    const [first, second] = [newKeyPem(), newKeyPem()]
    const reached = { killed: 0 }
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(A_PROCESS, { minLength: 4, maxLength: 7 }),
        fc.integer({ min: 1, max: 40 }),
        async (scheduler, plans, blobs) => {
          const archive = new MemoryArchive()
          const log = new MemoryLog()
          for (let n = 0; n < blobs; n += 1) archive.add(aBlob(n))
          archive.nowMs += 120_000
          const runs = plans.map(async ({ killedAt, takesEffect, rotates }) => {
            const { seenLog, seenArchive } = seenBy(
              new Process(killedAt, takesEffect),
              scheduler,
              archive,
              log,
            )
            const keys = rotates ? localKeys(second, first) : localKeys(first, second)
            try {
              await seal(portsOf(seenArchive, seenLog, { keys }), { ...OPTIONS, maxBlobs: 7 })
            } catch (error) {
              if (!(error instanceof Killed)) throw error
              reached.killed += 1
            }
          })
          await scheduler.waitFor(Promise.all(runs))
          // Whatever was left undone, the next one completes.
          archive.nowMs += 3_600_000
          await seal(portsOf(archive, log, { keys: localKeys(first, second) }), OPTIONS)
          const { commits, leaves, checkpoints, newest } = readLog(log.files, log.published)
          expect([...sealedNames(leaves)].sort()).toEqual([...archive.blobs.keys()].sort())
          expect(checkpoints).toHaveLength(commits.length)
          expect(newest?.size).toBe(leaves.length)
        },
      ),
      { numRuns: 120 },
    )
    expect(reached.killed).toBeGreaterThan(100)
  }, 120_000)
})
