import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durable } from '../../../local/checks/chaos/model/durable.ts'
import { startProgram } from '../../../local/checks/chaos/model/program.ts'
import { MemoryGate } from '../../../shared/pipeline/ingest/memory-gate.ts'
import { envelope, messageAt, riskRecord } from '../../support/ingest-world.ts'
import { runLength } from '../../support/run-length.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const MB = 1024 * 1024
/** Of the program: MAX_BYTES_IN_WORK. */
const BOUND = 4 * MB

describe('the memory gate', () => {
  it('lets work in up to its bound or one piece alone, in the order of asking, and leaves nobody outside', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.record({ bytes: fc.integer({ min: 0, max: 150 }) }), {
          maxLength: 30,
        }),
        fc.array(fc.nat(), { minLength: 30, maxLength: 30 }),
        async (maxBytes, pieces, choices) => {
          const gate = new MemoryGate(maxBytes)
          const under = new Map<number, () => void>()
          const entered: number[] = []
          const outcomes = pieces.map(({ bytes }, index) =>
            gate.enter(bytes).then(async (leave) => {
              entered.push(index)
              await new Promise<void>((end) => under.set(index, end))
              leave()
            }),
          )
          for (const choice of choices) {
            await turn()
            const inside = [...under.keys()]
            const sum = inside.reduce((bytes, index) => bytes + (pieces[index]?.bytes ?? 0), 0)
            const heavy = inside.filter((index) => (pieces[index]?.bytes ?? 0) > 0)
            expect(sum <= maxBytes || heavy.length === 1).toBe(true)
            const leaving = inside[choice % Math.max(1, inside.length)]
            if (leaving === undefined) break
            under.get(leaving)?.()
            under.delete(leaving)
          }
          await Promise.all(outcomes)
          expect(entered).toEqual(pieces.map((_, index) => index))
        },
      ),
      { numRuns: runLength(60, 200) },
    )
  })

  it('lets in what just fills its bound', async () => {
    const gate = new MemoryGate(10)
    const entered: number[] = []
    for (const bytes of [4, 6, 1]) void gate.enter(bytes).then(() => entered.push(bytes))
    await turn()
    expect(entered).toEqual([4, 6])
  })
})

describe('a program that is handed more than it may work on', () => {
  it('has no more than 4 MB of messages in work at once, over all partitions, and settles all of them', async () => {
    const time = virtualTime()
    const storage = durable(() => time.now())
    const held: { readonly bytes: number; readonly release: () => void }[] = []
    let bytes = 0
    let most = 0
    let archived = 0
    const program = startProgram({
      storage,
      ports: {
        ...storage.ports,
        archive: {
          ...storage.ports.archive,
          async write(chunk) {
            const own = chunk.messages * body.byteLength
            bytes += own
            most = Math.max(most, bytes)
            await new Promise<void>((release) => held.push({ bytes: own, release }))
            archived += chunk.messages
            const outcome = await storage.ports.archive.write(chunk)
            bytes -= own
            return outcome
          },
        },
      },
      sinks: [],
      time,
      onIsolated: (cause) => expect(cause).toBeUndefined(),
    })
    const batches = ['0', '1', '2', '3'].map((partition) =>
      Array.from({ length: 6 }, (_, n) => messageAt(n, body, partition)),
    )
    let settled = false
    const all = Promise.all(batches.map((batch) => program.ingest(batch, 0))).then(() => {
      settled = true
    })
    while (!settled) {
      // Whatever may enter does so before anything leaves.
      for (let i = 0; i < 20; i++) await turn()
      held.shift()?.release()
    }
    await all
    expect(archived).toBe(24)
    expect(most).toBeLessThanOrEqual(BOUND)
    expect(most, 'and it uses what it may').toBeGreaterThan(BOUND / 2)
  })
})

const record = riskRecord(1)
const body = Buffer.from(
  envelope(...Array.from({ length: Math.floor((0.9 * MB) / (record.length + 1)) }, () => record)),
)
