import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchInput } from '../../local/emulators/functions-host/event-hub/batch-input.ts'
import { parseTrigger } from '../../shared/source/parse-trigger.ts'
import { runLength } from '../support/run-length.ts'

const AT = '2026-11-21T01:02:03.45'
const AT_MS = Date.UTC(2026, 10, 21, 1, 2, 3, 450)
const PARTITION = {
  fullyQualifiedNamespace: 'risk.servicebus.windows.net',
  eventHubName: 'entra-risk',
  consumerGroup: '$Default',
  partitionId: '3',
}
const PLACE = { namespace: 'risk.servicebus.windows.net', hub: 'entra-risk', partition: '3' }
const bodies = [10, 11, 12].map((n) => Buffer.from(`body ${n}`))

const system = (n: number): Record<string, unknown> => ({
  'x-opt-sequence-number': n,
  sequenceNumber: n,
  offset: n * 100,
  offsetString: String(n * 100),
  partitionKey: null,
  enqueuedTimeUtc: AT,
})

/** Metadata of three messages as the Functions library hands them over. */
const metadata = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  triggerPartitionContext: PARTITION,
  partitionContext: PARTITION,
  partitionKeyArray: [],
  offsetArray: [1000, 1100, 1200],
  offsetStringArray: [1000, 1100, 1200],
  sequenceNumberArray: [10, 11, 12],
  enqueuedTimeUtcArray: [AT, AT, AT],
  propertiesArray: [{}, {}, {}],
  systemPropertiesArray: [10, 11, 12].map(system),
  ...changes,
})

const message = (n: number) => ({
  position: { ...PLACE, sequenceNumber: n, offset: String(n * 100), enqueuedAt: AT_MS },
  body: Buffer.from(`body ${n}`),
})
const ALL = { messages: [10, 11, 12].map(message), withoutPosition: [] }

describe('what the Event Hub trigger hands over', () => {
  it('is messages with their exact bytes and positions', () => {
    expect(parseTrigger(bodies, metadata())).toEqual(ALL)
  })

  it('is read as the host of this repository hands it over, for any messages', () => {
    const given = fc.record({
      body: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      sequenceNumber: fc.nat(),
      offset: fc.nat().map(String),
      enqueuedAtMs: fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) }),
    })
    fc.assert(
      fc.property(fc.array(given), (messages) => {
        const { triggerMetadata = {} } = batchInput(messages, { ...PARTITION }, true, undefined)
        // What the library makes of it: lists as such, first letters in lower case.
        const lower = (value: unknown): unknown =>
          Array.isArray(value)
            ? value.map(lower)
            : typeof value === 'object' && value !== null
              ? Object.fromEntries(
                  Object.entries(value).map(([k, v]) => [k.charAt(0).toLowerCase() + k.slice(1), lower(v)]),
                )
              : value
        const seen = Object.fromEntries(
          Object.entries(triggerMetadata).map(([key, data]) => [
            key,
            'json' in data
              ? JSON.parse(String(data.json))
              : 'collectionSint64' in data
                ? data.collectionSint64?.sint64
                : (data.collectionString?.string ?? []),
          ]),
        )
        const { messages: read, withoutPosition } = parseTrigger(
          messages.map(({ body }) => body),
          lower(seen),
        )
        expect(withoutPosition).toEqual([])
        expect(read).toEqual(
          messages.map(({ body, sequenceNumber, offset, enqueuedAtMs }) => ({
            position: { ...PLACE, sequenceNumber, offset, enqueuedAt: enqueuedAtMs },
            body,
          })),
        )
      }),
    )
  })

  it.each([
    ['as text', ['10', '11', '12']],
    ['in two halves', [10, 11, 12].map((low) => ({ low, high: 0, unsigned: false }))],
  ])('may give numbers %s, and these alone', (_, sequenceNumberArray) => {
    const alone = metadata({ sequenceNumberArray, systemPropertiesArray: undefined })
    expect(parseTrigger(bodies, alone)).toEqual(ALL)
  })

  it('reads numbers of more than 32 bits from their halves', () => {
    const halves = { low: -1, high: 1, unsigned: false }
    const { messages } = parseTrigger(bodies, metadata({ sequenceNumberArray: [halves, 11, 12] }))
    expect(messages[0]?.position.sequenceNumber).toBe(2 ** 33 - 1)
  })

  it.each([
    ['no list of numbers', { sequenceNumberArray: undefined }],
    ['a shorter list of numbers', { sequenceNumberArray: [10, 11] }],
    ['no list of times', { enqueuedTimeUtcArray: undefined }],
    ['a time that is none', { enqueuedTimeUtcArray: [AT, 'soon', AT] }],
    ['no system properties', { systemPropertiesArray: undefined }],
    ['shorter system properties', { systemPropertiesArray: [system(10)] }],
    ['odd system properties of one message', { systemPropertiesArray: [system(10), 'none', system(12)] }],
    ['no partition context but the other', { partitionContext: undefined }],
  ])('is whole where there is %s: the same facts stand elsewhere', (_, changes) => {
    expect(parseTrigger(bodies, metadata(changes))).toEqual(ALL)
  })

  it('is placed by the host, whatever a sender calls its own properties', () => {
    const forged = { ...system(11), sequenceNumber: 4711, enqueuedTimeUtc: '1999-01-01T00:00:00' }
    const systemPropertiesArray = [system(10), forged, system(12)]
    expect(parseTrigger(bodies, metadata({ systemPropertiesArray }))).toEqual(ALL)
  })

  it('does without an offset: nothing hangs on it', () => {
    const { offset: _, offsetString: __, ...rest } = system(11)
    const { messages } = parseTrigger(
      bodies,
      metadata({
        systemPropertiesArray: [system(10), rest, system(12)],
        offsetStringArray: [1000, 1200],
        offsetArray: [1000, 1200],
      }),
    )
    expect(messages.map(({ position }) => position.offset)).toEqual(['1000', '', '1200'])
  })

  it.each([
    ['the offset of its own as text', { offsetString: 'a', offset: 2 }, ['c'], [4], 'a'],
    ['the offset of its own', { offsetString: '', offset: 2 }, ['c'], [4], '2'],
    ['the list of texts', {}, ['c'], [4], 'c'],
    ['the list of numbers', {}, [''], [4], '4'],
    ['no list of another length', {}, ['c', 'd'], [4, 5], ''],
  ])('takes its offset from %s before what follows', (_, own, offsetStringArray, offsetArray, offset) => {
    const systemPropertiesArray = [{ ...own, sequenceNumber: 10, enqueuedTimeUtc: AT }]
    const all = { partitionContext: PARTITION, systemPropertiesArray, offsetStringArray, offsetArray }
    expect(parseTrigger(bodies.slice(0, 1), all).messages[0]?.position.offset).toBe(offset)
  })

  const odd: readonly [string, Record<string, unknown>, string][] = [
    ['a number that is none', { sequenceNumberArray: [10, Number.NaN, 12] }, 'no sequence number'],
    ['a negative number', { sequenceNumberArray: [10, -1, 12] }, 'no sequence number'],
    ['a text that is no whole number', { sequenceNumberArray: [10, '1e3', 12] }, 'no sequence number'],
    ['half a number', { sequenceNumberArray: [10, { low: 11, high: null }, 12] }, 'no sequence number'],
    ['the other half', { sequenceNumberArray: [10, { low: null, high: 1 }, 12] }, 'no sequence number'],
    [
      'neither number nor time',
      { sequenceNumberArray: [10, null, 12], enqueuedTimeUtcArray: [AT, null, AT] },
      'no sequence number, no enqueued time',
    ],
    ['no time', { enqueuedTimeUtcArray: [AT, null, AT] }, 'no enqueued time'],
  ]
  it.each(odd)('hands on one message that has %s as it came, and places the others', (_, changes, reason) => {
    const { messages, withoutPosition } = parseTrigger(
      bodies,
      metadata({ systemPropertiesArray: [system(10), { own: 'é' }, system(12)], ...changes }),
    )
    expect(messages).toEqual([message(10), message(12)])
    expect(withoutPosition).toMatchObject([{ partition: PLACE, body: bodies[1], reason }])
    expect(JSON.parse(withoutPosition[0]?.reported ?? '')).toMatchObject({
      index: 1,
      systemProperties: { own: 'é' },
      offset: [1100, 1100],
    })
  })

  it('hands on one message whose properties have no JSON, and says so', () => {
    const endless: Record<string, unknown> = {}
    endless['self'] = endless
    const { messages, withoutPosition } = parseTrigger(
      bodies,
      metadata({
        systemPropertiesArray: [system(10), endless, system(12)],
        sequenceNumberArray: [10, null, 12],
      }),
    )
    expect(messages).toEqual([message(10), message(12)])
    expect(withoutPosition).toMatchObject([{ body: bodies[1], reason: 'no sequence number' }])
    expect(JSON.parse(withoutPosition[0]?.reported ?? '')).toBe('a object that has no JSON')
  })

  it('hands on one message that is no bytes with what it is', () => {
    const { messages, withoutPosition } = parseTrigger([bodies[0], { text: 1n }, bodies[2]], metadata())
    expect(messages).toEqual([message(10), message(12)])
    expect(withoutPosition).toMatchObject([{ body: undefined, reason: 'no bytes' }])
    expect(JSON.parse(withoutPosition[0]?.reported ?? '')).toMatchObject({
      body: { text: '1' },
      sequenceNumber: 11,
    })
  })

  it.each([
    ['no list', 'body', metadata(), /cardinality/],
    ['texts', ['a', 'b', 'c'], metadata(), /dataType/],
    ['no metadata', bodies, undefined, /no partition/],
    ['no partition', bodies, metadata({ partitionContext: {} }), /no partition/],
  ])('that is %s is a wrong deployment, and thrown', (_, given, all, why) => {
    expect(() => parseTrigger(given, all)).toThrow(why)
  })

  it.each(
    ['fullyQualifiedNamespace', 'eventHubName', 'partitionId'].flatMap((name) => [
      [name, undefined],
      [name, ''],
      [name, {}],
    ]),
  )('without %s, but %j, is a wrong deployment, and thrown', (name, value) => {
    const partitionContext = { ...PARTITION, [String(name)]: value }
    expect(() => parseTrigger(bodies, metadata({ partitionContext }))).toThrow(/no partition/)
  })

  it('never throws for what is wrong with one of several messages, and never drops one', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true })
    const list = fc.option(fc.array(anything, { maxLength: 4 }), { nil: undefined })
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 4 }), list, list, list, list, (others, a, b, c, d) => {
        const given = [Buffer.from('one that is bytes'), ...others]
        const { messages, withoutPosition } = parseTrigger(given, {
          partitionContext: PARTITION,
          systemPropertiesArray: a,
          sequenceNumberArray: b,
          enqueuedTimeUtcArray: c,
          offsetArray: d,
        })
        expect(messages.length + withoutPosition.length).toBe(given.length)
        for (const { reported } of withoutPosition) JSON.parse(reported)
      }),
      { numRuns: runLength(500, 2_000) },
    )
  })
})
