import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DuplicateWindow, type WindowLimits } from '../../../shared/delivery/dedup/duplicate-window.ts'
import type { ArchivedEvent } from '../../../shared/domain/exported-event.ts'
import { eventId, instant } from '../../../shared/domain/identifiers.ts'
import { sha256Hex } from '../../../shared/encoding/digest.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'
import { runLength } from '../../support/run-length.ts'

const named = (n: number, name: string): ArchivedEvent => archivedEventAt(n, { id: sha256Hex(name) })

describe('duplicate window', () => {
  it('knows an event that came again from another place', () => {
    const window = new DuplicateWindow()
    window.add([named(1, 'same')], 0)
    expect(window.isDuplicate(named(2, 'same'), 1)).toBe(true)
  })

  it('tells ids apart that differ in one digit, whichever it is', () => {
    const window = new DuplicateWindow()
    const alike = '0'.repeat(32)
    window.add([archivedEventAt(1, { id: alike })], 0)
    const others = Array.from({ length: 32 }, (_, at) => `${alike.slice(0, at)}a${alike.slice(at + 1)}`)
    expect(others.filter((id) => window.isDuplicate(archivedEventAt(2, { id }), 1))).toEqual([])
  })

  it('does not take a batch that is run again for its own duplicate', () => {
    const window = new DuplicateWindow()
    window.add([named(1, 'same')], 0)
    expect(window.isDuplicate(named(1, 'same'), 1)).toBe(false)
  })

  it('forgets after its time', () => {
    const window = new DuplicateWindow({ maxIds: 10, maxAgeMs: 1000 })
    window.add([named(1, 'same')], 0)
    expect(window.isDuplicate(named(2, 'same'), 1000)).toBe(true)
    expect(window.isDuplicate(named(2, 'same'), 1001)).toBe(false)
  })

  it('forgets the id that entered first when it is full, seen again or not', () => {
    const window = new DuplicateWindow({ maxIds: 2, maxAgeMs: 1000 })
    window.add([named(1, 'a'), named(2, 'b')], 0)
    window.add([named(1, 'a')], 1)
    window.add([named(3, 'c')], 2)
    expect(['a', 'b', 'c'].map((name) => window.isDuplicate(named(9, name), 3))).toEqual([false, true, true])
  })

  it('starts anew rather than confuse streams when there are more of them than any hub has partitions', () => {
    // Full, when one stream too many comes.
    const window = new DuplicateWindow({ maxIds: 10_001, maxAgeMs: 1000 })
    const inPartition = (n: number, name: string): ArchivedEvent => {
      const archived = named(1, name)
      return { ...archived, position: { ...archived.position, partition: String(n) } }
    }
    window.add([inPartition(0, 'first')], 0)
    window.add(
      Array.from({ length: 10_000 }, (_, n) => inPartition(n, `event ${n}`)),
      0,
    )
    expect(window.isDuplicate(inPartition(5, 'first'), 1)).toBe(true)
    window.add([inPartition(10_000, 'last')], 0)
    window.add([inPartition(10_001, 'another')], 0)
    expect(
      ['first', 'event 9999', 'last'].map((name) => window.isDuplicate(inPartition(5, name), 1)),
    ).toEqual([false, false, true])
    const itself = inPartition(9_000, 'event 9000')
    expect(window.isDuplicate(itself, 1), 'run again, and lost if it were').toBe(false)
  })

  it('takes all its memory before the first event', () => {
    // One event under many ids: each of its own has memory that the garbage collector frees when it likes.
    const event = named(0, 'event')
    const called = (n: number): ArchivedEvent => ({
      ...event,
      event: { ...event.event, eventId: eventId(sha256Hex(`event ${n}`)) },
      position: { ...event.position, sequenceNumber: n },
    })
    const before = process.memoryUsage().arrayBuffers
    const window = new DuplicateWindow()
    const taken = process.memoryUsage().arrayBuffers - before
    for (let n = 0; n < 60_000; n += 1000)
      window.add(
        Array.from({ length: 1000 }, (_, i) => called(n + i)),
        n,
      )
    expect(taken).toBeLessThan(4_000_000)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(taken + 100_000)
    expect(window.isDuplicate(named(0, 'event 59999'), 59_000)).toBe(true)
  })
})

/** The same promise, said in the plainest way. */
class PlainWindow {
  readonly #limits: WindowLimits
  readonly #seen = new Map<string, { readonly place: string; readonly atMs: number }>()

  constructor(limits: WindowLimits) {
    this.#limits = limits
  }

  isDuplicate(archived: ArchivedEvent, nowMs: number): boolean {
    const seen = this.#seen.get(archived.event.eventId)
    if (seen === undefined || nowMs - seen.atMs > this.#limits.maxAgeMs) return false
    return seen.place !== placeOf(archived)
  }

  add(events: readonly ArchivedEvent[], nowMs: number): void {
    for (const archived of events) {
      this.#seen.set(archived.event.eventId, { place: placeOf(archived), atMs: nowMs })
      const [oldest] = this.#seen.keys()
      if (this.#seen.size > this.#limits.maxIds && oldest !== undefined) this.#seen.delete(oldest)
    }
  }
}

const placeOf = ({ position: p, ordinal }: ArchivedEvent): string =>
  JSON.stringify([p.namespace, p.hub, p.partition, p.sequenceNumber, p.enqueuedAt, ordinal])

/** Ids of which many begin alike: they share a bucket, the last of all or the first ones after it. */
const idOf = (n: number): string =>
  `${['ffffffff', '00000000', '00000001'][n % 3]}${String(n).padStart(24, '0')}`.padEnd(64, 'f')

describe('any history of settled batches', () => {
  const event: fc.Arbitrary<ArchivedEvent> = fc
    .record({
      id: fc.nat(14),
      sequenceNumber: fc.constantFrom(0, 1, 2 ** 52),
      partition: fc.constantFrom('0', '1'),
      hub: fc.constantFrom('a', 'b'),
      namespace: fc.constantFrom('n', 'm'),
      enqueuedAt: fc.constantFrom(1, 1_800_000_000_000),
      ordinal: fc.nat(1),
    })
    .map(({ id, ordinal, enqueuedAt, ...place }) => {
      const archived = archivedEventAt(0, { id: idOf(id) })
      return {
        ...archived,
        ordinal,
        position: { ...archived.position, ...place, enqueuedAt: instant(enqueuedAt) },
      }
    })
  const batch = fc.record({ events: fc.array(event, { maxLength: 12 }), waitMs: fc.nat(400) })

  it('is remembered as a map in the order of first settlement remembers it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.array(batch, { maxLength: 30 }),
        fc.array(event, { minLength: 1, maxLength: 20 }),
        (maxIds, batches, asked) => {
          const limits = { maxIds, maxAgeMs: 1000 }
          const window = new DuplicateWindow(limits)
          const plain = new PlainWindow(limits)
          let nowMs = 0
          for (const { events, waitMs } of batches) {
            nowMs += waitMs
            const answers = [...events, ...asked].map((one) => window.isDuplicate(one, nowMs))
            expect(answers).toEqual([...events, ...asked].map((one) => plain.isDuplicate(one, nowMs)))
            window.add(events, nowMs)
            plain.add(events, nowMs)
          }
        },
      ),
      { numRuns: runLength(150, 500) },
    )
  })
})
