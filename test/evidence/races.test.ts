import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCheckpointText } from '../../shared/evidence/checkpoint.ts'
import { localKeys } from '../../shared/evidence/keys/local-keys.ts'
import { seal } from '../../shared/evidence/seal/seal.ts'
import {
  aBlob,
  MemoryArchive,
  MemoryLog,
  newKeyPem,
  OPTIONS,
  portsOf,
  readLog,
  rememberingKeys,
  sealedNames,
} from '../support/evidence-world.ts'
import { runLength } from '../support/run-length.ts'
import { Killed, Process, seenBy } from './killed-process.ts'

/** What is true of a log, whoever wrote it and was killed meanwhile. */
function expectOneLog(archive: MemoryArchive, log: MemoryLog, signed: readonly string[]): void {
  const { commits, leaves, checkpoints, newest, root } = readLog(log.files, log.published)
  expect([...sealedNames(leaves)].sort()).toEqual([...archive.blobs.keys()].sort())
  expect(checkpoints).toHaveLength(commits.length)
  expect(newest?.size).toBe(leaves.length)
  // What was signed and never written could still come to light.
  const contradicting = signed.filter((text) => {
    const head = parseCheckpointText(text)
    return head === undefined || head.size > leaves.length || !root(head.size).equals(head.root)
  })
  expect(contradicting).toEqual([])
}

const A_PROCESS = fc.record({
  // Three of four: some have no step so late.
  killedAt: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 90 }) },
    { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
  ),
  takesEffect: fc.boolean(),
  rotates: fc.boolean(),
})

describe('many sealers at once, killed at any step', () => {
  it('make one log without a hole, with every blob once, and no two checkpoints that contradict', async () => {
    const [first, second] = [newKeyPem(), newKeyPem()]
    const [former, rotated] = [localKeys(first, second), localKeys(second, first)]
    const reached = { killed: 0 }
    const numRuns = runLength(40, 120)
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(A_PROCESS, { minLength: 4, maxLength: 7 }),
        fc.integer({ min: 1, max: 40 }),
        async (scheduler, plans, blobs) => {
          const archive = new MemoryArchive()
          const log = new MemoryLog()
          const signed: string[] = []
          for (let n = 0; n < blobs; n += 1) archive.add(aBlob(n))
          archive.nowMs += 120_000
          const runs = plans.map(async ({ killedAt, takesEffect, rotates }) => {
            const process = new Process(killedAt, takesEffect)
            const { seenLog, seenArchive } = seenBy(process, archive, log, (what) =>
              scheduler.schedule(Promise.resolve(), what),
            )
            const keys = rememberingKeys(rotates ? rotated : former, signed)
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
          await seal(portsOf(archive, log, { keys: former }), OPTIONS)
          expectOneLog(archive, log, signed)
        },
      ),
      { numRuns },
    )
    expect(reached.killed).toBeGreaterThan(numRuns)
  }, 120_000)

  it.each([
    ['the first seal', 0],
    ['a later seal', 6],
  ])(
    'make one log, whichever step of %s they all are killed at, before or after it',
    async (_, sealed) => {
      const [first, second] = [newKeyPem(), newKeyPem()]
      const [held, heldRotated] = [localKeys(first), localKeys(second, first)]
      let killed = 4
      let killedAt = 0
      while (killed > 0) {
        killedAt += 1
        killed = 0
        for (const effects of [
          [false, false, false, false],
          [true, true, true, true],
          [false, true, false, true],
        ]) {
          const archive = new MemoryArchive()
          const log = new MemoryLog()
          const signed: string[] = []
          const keys = rememberingKeys(held, signed)
          const rotated = rememberingKeys(heldRotated, signed)
          for (let n = 0; n < sealed; n += 1) archive.add(aBlob(n))
          archive.nowMs += 120_000
          if (sealed > 0) await seal(portsOf(archive, log, { keys }), OPTIONS)
          for (let n = sealed; n < sealed + 4; n += 1) archive.add(aBlob(n))
          archive.nowMs += 120_000
          const runs = effects.map(async (takesEffect, at) => {
            const { seenLog, seenArchive } = seenBy(new Process(killedAt, takesEffect), archive, log)
            const ports = portsOf(seenArchive, seenLog, { keys: at === 3 ? rotated : keys })
            await seal(ports, { ...OPTIONS, maxBlobs: 3 }).catch((error: unknown) => {
              if (!(error instanceof Killed)) throw error
              killed += 1
            })
          })
          await Promise.all(runs)
          archive.nowMs += 3_600_000
          await seal(portsOf(archive, log, { keys: rotated }), OPTIONS)
          expectOneLog(archive, log, signed)
        }
      }
      expect(killedAt).toBeGreaterThan(25)
    },
    120_000,
  )
})
