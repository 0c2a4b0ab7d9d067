import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant } from '../../shared/domain/identifiers.ts'
import { compareEvents, effectiveAt } from '../../shared/domain/latest.ts'
import type { RiskDetection } from '../../shared/domain/risk-event.ts'
import { addSinkTallies, EMPTY_SINK_TALLY, sinkBalances } from '../../shared/domain/tally.ts'
import type { Json, JsonObject } from '../../shared/encoding/json.ts'
import { anyCodePoint } from '../support/any-code-point.ts'
import { detectionChanges } from '../support/arbitrary-events.ts'
import { positionOf } from '../support/archive-lines.ts'
import { detection, riskyIdentity } from '../support/archived-events.ts'
import { canonicalJson } from '../support/canonical-json.ts'
import { eventIdOf } from '../support/event-forms.ts'
import { runLength } from '../support/run-length.ts'

const json = (stringUnit: 'grapheme' | typeof anyCodePoint) =>
  fc.jsonValue({ maxDepth: 5, stringUnit }) as fc.Arbitrary<Json>

const shuffled = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(shuffled)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([k, v]) => [k, shuffled(v)]),
  )
}

describe('canonical JSON', () => {
  test('is what a library for RFC 8785 makes of every value that the RFC takes', () => {
    fc.assert(
      fc.property(json('grapheme'), (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value))
      }),
    )
  })

  test('is the same for any order of members, and means the same value', () => {
    fc.assert(
      fc.property(json(anyCodePoint), (value) => {
        const text = canonicalJson(value)
        expect(canonicalJson(shuffled(value))).toBe(text)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
      }),
    )
  })

  test('differs for values that differ', () => {
    fc.assert(
      fc.property(json(anyCodePoint), json(anyCodePoint), (a, b) => {
        const isSame = canonicalJson(a) === canonicalJson(b)
        expect(isSame).toBe(JSON.stringify(sortedPairs(a)) === JSON.stringify(sortedPairs(b)))
      }),
    )
  })
})

/** A value with every object as a sorted list of pairs: another way to be independent of order. */
function sortedPairs(value: Json): Json {
  if (Array.isArray(value)) return ['array', value.map(sortedPairs)]
  if (typeof value !== 'object' || value === null) return value
  const names = Object.keys(value).sort()
  return ['object', names.map((name) => [name, sortedPairs((value as JsonObject)[name] ?? null)])]
}

describe('an event id', () => {
  const NOT_HASHED = [
    'eventId',
    'factKey',
    'kind',
    'category',
    'tenantId',
    'detectionId',
    'lastUpdatedAt',
    'origin',
    'detection',
    'extra',
  ]
  const AGENT_ONLY = ['signInRequestId', 'signInCorrelationId', 'clientSessionId']
  const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

  /**
   * What a member means: its order where that means nothing, and its absence where it says nothing.
   */
  function meaning(member: string, e: RiskDetection): unknown {
    switch (member) {
      case 'keyIds':
        return e.keyIds.toSorted()
      case 'additionalInfo':
        return e.additionalInfo.toSorted(byKey)
      case 'identity':
        return { ...e.identity, type: '' }
      case 'risk':
        return { ...e.risk, state: '' }
      case 'attack':
        return e.attack?.origin === 'wire' ? e.attack.techniques.toSorted() : null
      default:
        return e[member as keyof RiskDetection] ?? null
    }
  }

  test('changes exactly when a member of the event changes that is not apart', () => {
    const members = [
      ...new Set([
        ...Object.keys(detection('a')),
        ...AGENT_ONLY,
        'evidence',
        'processing',
        'lastUpdatedFrom',
      ]),
    ]
    const event = detectionChanges.map((changes) => detection('a', changes))
    fc.assert(
      fc.property(event, event, fc.constantFrom(...members), (before, other, member) => {
        const { [member as keyof RiskDetection]: _, ...rest } = before
        const changed = { ...rest, ...(member in other ? { [member]: Reflect.get(other, member) } : {}) }
        const after = changed as RiskDetection
        const said = (e: RiskDetection) => canonicalJson((meaning(member, e) ?? null) as Json)
        const isSame = NOT_HASHED.includes(member) || said(before) === said(after)
        const idOf = (e: RiskDetection) => eventIdOf({ ...e, factKey: before.factKey })
        expect(idOf(after) === idOf(before)).toBe(isSame)
      }),
      { numRuns: runLength(250, 1_000) },
    )
  })
})

const small = fc.integer({ min: 0, max: 3 })

const stateAtPosition = fc
  .record({
    id: fc.constantFrom('a', 'b'),
    isDetection: fc.boolean(),
    lastUpdatedAt: small,
    enqueuedAt: small,
    partition: fc.constantFrom('0', '1', '2', '10', '02', 'x'),
    sequenceNumber: small,
    ordinal: small,
  })
  .map(({ id, isDetection, lastUpdatedAt, enqueuedAt, partition, sequenceNumber, ordinal }) => {
    const changes = { identity: { type: 'agent', id }, lastUpdatedAt: instant(lastUpdatedAt) } as const
    return {
      event: isDetection ? detection(id, changes) : riskyIdentity(id, changes),
      position: positionOf(sequenceNumber, { partition, enqueuedAt: instant(enqueuedAt) }),
      ordinal,
    }
  })

const deliveries = fc.uniqueArray(stateAtPosition, {
  maxLength: 12,
  selector: ({ position: p, ordinal, event }) =>
    [
      event.kind,
      event.identity.id,
      event.lastUpdatedAt,
      p.enqueuedAt,
      p.partition,
      p.sequenceNumber,
      ordinal,
    ].join(),
})

describe('a last update', () => {
  const DAY = 86_400_000
  const ms = fc.integer({ min: 0, max: 3 * DAY }).map(instant)

  test('counts as it is told up to a day after the message that tells it, and as of the message beyond', () => {
    fc.assert(
      fc.property(ms, ms, (told, enqueued) => {
        expect(effectiveAt(told, enqueued)).toBe(told - enqueued > DAY ? enqueued : told)
      }),
    )
  })

  test('in the far future is overtaken by what is told later', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3 * DAY + 1, max: 1e14 }).map(instant), ms, (far, enqueuedAt) => {
        const updated = (lastUpdatedAt: number, at: number) => ({
          event: riskyIdentity('a', { lastUpdatedAt: instant(lastUpdatedAt) }),
          position: positionOf(1, { enqueuedAt: instant(at) }),
          ordinal: 0,
        })
        const later = enqueuedAt + 1
        expect(compareEvents(updated(far + DAY, enqueuedAt), updated(later, later))).toBeLessThan(0)
      }),
    )
  })
})

describe('the order of events', () => {
  test('is the same for any permutation of deliveries, repeats included', () => {
    const permuted = deliveries.chain((events) =>
      fc.tuple(
        fc.constant([...events, ...events]),
        fc.shuffledSubarray([...events, ...events], {
          minLength: events.length * 2,
          maxLength: events.length * 2,
        }),
      ),
    )
    fc.assert(
      fc.property(permuted, ([events, other]) => {
        const inOrder = (some: typeof events) =>
          some
            .toSorted(compareEvents)
            .map(({ position, ordinal, event }) => [event.lastUpdatedAt, position, ordinal])
        expect(inOrder(other)).toEqual(inOrder(events))
      }),
    )
  })
})

describe('tallies of a sink', () => {
  const tally = fc.record({
    delivered: fc.nat(99),
    pending: fc.nat(99),
    deadLettered: fc.nat(99),
    duplicate: fc.nat(99),
    filtered: fc.nat(99),
  })
  const total = (t: Record<string, number>) => Object.values(t).reduce((a, b) => a + b, 0)

  test('balance together when each does', () => {
    fc.assert(
      fc.property(fc.array(tally), (tallies) => {
        const events = tallies.reduce((sum, t) => sum + total(t), 0)
        const sum = tallies.reduce(addSinkTallies, EMPTY_SINK_TALLY)
        expect(sinkBalances(events, sum)).toBe(true)
        expect(sinkBalances(events + 1, sum)).toBe(false)
      }),
    )
  })
})
