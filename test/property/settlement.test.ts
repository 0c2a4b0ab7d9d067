import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ModelRun, modelRun } from '../../local/checks/chaos/model/model-run.ts'
import { SINK_BEHAVIOURS, type SinkBehaviour } from '../../local/checks/chaos/model/model-sink.ts'
import type { DeadLetter } from '../../shared/delivery/dead-letters/dead-letter.ts'
import { expandLines } from '../../shared/delivery/outbox/line-ranges.ts'
import { outboxPartitionOf } from '../../shared/delivery/outbox/outbox.ts'
import { DELIVERED, type DeliveryOutcome, failed } from '../../shared/delivery/sink.ts'
import type { ArchivedEvent } from '../../shared/domain/exported-event.ts'
import { type Fault, recordFault, sinkFault, transientFault } from '../../shared/domain/fault.ts'
import { sinkBalances } from '../../shared/domain/tally.ts'
import { archivedEventAt } from '../support/archived-event-at.ts'
import { memoryOutbox } from '../support/memory-outbox.ts'
import { runLength } from '../support/run-length.ts'
import { scriptedSink } from '../support/scripted-sink.ts'
import { freshPipeline, settleDeps, settleEvents } from '../support/settle-events.ts'
import { virtualTime } from '../support/virtual-time.ts'

const FAULTS: readonly Fault[] = [
  transientFault('unavailable', 'down'),
  transientFault('throttled', 'busy', { retryAfterMs: 3000 }),
  sinkFault('unauthorized', 'The secret is wrong.'),
  recordFault('payloadRefused', 'refused'),
]

/** An answer to any request: all, nothing, or a part by the bits of a number. */
type Answer =
  | { readonly kind: 'all' }
  | { readonly kind: 'nothing'; readonly fault: Fault }
  | { readonly kind: 'part'; readonly fault: Fault; readonly bits: number; readonly isPerEvent: boolean }

const answers: fc.Arbitrary<Answer> = fc.oneof(
  fc.constant<Answer>({ kind: 'all' }),
  fc.record({ kind: fc.constant('nothing' as const), fault: fc.constantFrom(...FAULTS) }),
  fc.record({
    kind: fc.constant('part' as const),
    fault: fc.constantFrom(...FAULTS),
    bits: fc.nat(255),
    isPerEvent: fc.boolean(),
  }),
)

function outcomeOf(answer: Answer, ids: readonly string[]): DeliveryOutcome {
  if (answer.kind === 'all') return DELIVERED
  if (answer.kind === 'nothing') return failed(answer.fault)
  const out = ids.filter((_, i) => (answer.bits >> (i % 8)) & 1)
  const faults = new Map(out.map((id) => [eventIdAt(id), answer.fault]))
  if (faults.size === 0) return DELIVERED
  return { status: 'partial', failed: faults, ...(answer.isPerEvent ? { isPerEvent: true } : {}) }
}
const eventIdAt = (id: string): ArchivedEvent['event']['eventId'] => id as ArchivedEvent['event']['eventId']

describe('settling a chunk at a sink', () => {
  it('gives every event exactly one outcome, for any script of answers', async () => {
    const chunkSizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })
    const property = fc.asyncProperty(
      fc.array(answers, { maxLength: 30 }),
      chunkSizes,
      fc.array(fc.nat(12), { maxLength: 6 }),
      async (script, sizes, unfit) => {
        const time = virtualTime()
        const outbox = memoryOutbox(time)
        const deadLetters: DeadLetter[] = []
        const sink = scriptedSink({
          maxEvents: 4,
          unfit: ({ line }) => (unfit.includes(line) ? recordFault('tooLarge', 'too large') : undefined),
          answer: (ids, request) => outcomeOf(script[request - 1] ?? { kind: 'all' }, ids),
        })
        const pipeline = freshPipeline(sink)
        const outboxPartition = outboxPartitionOf(sink.name, archivedEventAt(0).position)
        let next = 0
        const numbers = new Map<string, number>()
        for (const size of sizes) {
          const events = Array.from({ length: size }, () => archivedEventAt(next++))
          for (const { event, line } of events) numbers.set(event.eventId, line)
          const { tally } = await settleEvents(pipeline, events, settleDeps(time, outbox, deadLetters))
          expect(sinkBalances(size, tally)).toBe(true)
        }
        const pending = (await outbox.rows(outboxPartition, 1000)).flatMap((row) => expandLines(row.lines))
        const taken = sink.taken.map((id) => numbers.get(id))
        const dead = deadLetters.map((deadLetter) => deadLetter.line)
        expect([...pending, ...taken, ...dead].sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual([
          ...Array(next).keys(),
        ])
        expect(pending, 'in the order of the stream').toEqual([...pending].sort((a, b) => a - b))
      },
    )
    await fc.assert(property, { numRuns: runLength(100, 300) })
  })
})

describe('the whole program', () => {
  it('conserves every record and event, whatever goes wrong in whatever order', async () => {
    const behaviours = fc
      .uniqueArray(fc.constantFrom<SinkBehaviour>(...SINK_BEHAVIOURS), { minLength: 1 })
      .map(([first = 'up', ...others]): [SinkBehaviour, ...SinkBehaviour[]] => [first, ...others])
    const disruptions = fc.record({
      crashes: fc.boolean(),
      storage: fc.boolean(),
      reruns: fc.boolean(),
      recreation: fc.boolean(),
      behaviours,
    })
    const conserves = ({ lost, problems }: ModelRun): void => {
      expect(problems).toEqual([])
      expect(lost).toBe(0)
    }
    const property = fc.asyncProperty(fc.nat(1_000_000_000), disruptions, async (seed, wrong) => {
      conserves(await modelRun({ seed, disruptions: wrong, turns: 50 }))
    })
    await fc.assert(property, { numRuns: runLength(12, 40) })
  })
})
