import fc from 'fast-check'
import { expect, test } from 'vitest'
import { slotOf } from '../../../shared/domain/event-fields.ts'
import { isFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { compareEvents } from '../../../shared/domain/latest.ts'
import { jsonEvent } from '../../../shared/sinks/webhook/formats/json/json-event.ts'
import { supersedence } from '../../../shared/sinks/webhook/supersedence.ts'
import { encoded } from '../../contract/sink-fixture.ts'
import { arbitraryArchivedEvent } from '../../support/arbitrary-events.ts'
import {
  archived,
  detection,
  heartbeat,
  identityContext,
  responseAction,
  riskyIdentity,
} from '../../support/archived-events.ts'
import { jsonOf, spanText, textOf } from '../../support/event-forms.ts'
import { factsOf, factsOfJson } from '../../support/facts-of.ts'
import { webhook } from './webhook-under-test.ts'

const url = 'https://siem.example/hooks'
const cloudEvents = webhook({ url })
const splunk = webhook({ url, format: 'splunk-hec' })
const text = (sink: typeof cloudEvents, ...events: Parameters<typeof sink.encode>): string => {
  const result = sink.encode(...events)
  if (isFault(result)) throw new Error(result.code)
  return spanText(result)
}

test('any CloudEvent is one line of JSON that holds the very event and only well-named attributes', () => {
  fc.assert(
    fc.property(arbitraryArchivedEvent, (a) => {
      const line = text(cloudEvents, a)
      const parsed = JSON.parse(line)
      expect(line).not.toContain('\n')
      expect(line).toContain(`"data":${jsonOf(a)}`)
      expect(JSON.stringify(parsed.data)).toBe(JSON.stringify(JSON.parse(jsonOf(a).toString())))
      expect(parsed).toMatchObject({ specversion: '1.0', id: a.event.eventId, factkey: a.event.factKey })
      for (const name of Object.keys(parsed)) expect(name).toMatch(/^[a-z0-9]{1,20}$/)
      const { data: _, ...attributes } = parsed
      for (const value of Object.values(attributes)) expect(['string', 'number']).toContain(typeof value)
    }),
  )
})

test('any HEC object is one line of JSON that holds the event and flat fields of text, none of which is unique', () => {
  fc.assert(
    fc.property(arbitraryArchivedEvent, (a) => {
      const line = text(splunk, a)
      const { event, fields, time } = JSON.parse(line)
      expect(line).not.toContain('\n')
      expect(line).toContain(`"event":${textOf(jsonEvent, a)},"fields":`)
      expect(factsOfJson(event)).toEqual(factsOf(a))
      expect(time, 'the time of the arrival').toBeUndefined()
      for (const value of Object.values(fields)) expect(value).toMatch(/^.+$/su)
      for (const name of Object.keys(fields)) expect(event).not.toHaveProperty(name)
      const unique = [a.event.eventId, a.event.fields.parse(slotOf('factKey')), a.digest, a.blob]
      for (const value of Object.values(fields)) expect(unique).not.toContain(value)
    }),
  )
})

test('a tenant id that is no GUID leaves a source that is a URI reference', () => {
  const source: string = JSON.parse(
    text(cloudEvents, archived(detection('x', { tenantId: 'a "b"/\ud800c' as never }))),
  ).source
  expect(source).toBe('/tenants/abc/riskexport')
})

test('the sequence of CloudEvents sorts as the order of events does', () => {
  const place = fc.record({
    lastUpdatedAt: fc.integer({ min: 0, max: 3 }),
    enqueuedAt: fc.integer({ min: 0, max: 3 }),
    partition: fc.integer({ min: 0, max: 1100 }),
    sequenceNumber: fc.maxSafeNat(),
    ordinal: fc.integer({ min: 0, max: 500_000 }),
  })
  const at = (p: typeof place extends fc.Arbitrary<infer T> ? T : never) => {
    const base = archived(detection('x', { lastUpdatedAt: instant(p.lastUpdatedAt) }))
    const position = {
      ...base.position,
      enqueuedAt: instant(p.enqueuedAt),
      partition: String(p.partition),
      sequenceNumber: p.sequenceNumber,
    }
    return { ...base, position, ordinal: p.ordinal }
  }
  fc.assert(
    fc.property(place, place, (one, other) => {
      const [a, b] = [at(one), at(other)]
      const [x, y] = [supersedence(a), supersedence(b)]
      expect(x < y ? -1 : x > y ? 1 : 0).toBe(Math.sign(compareEvents(a, b)))
    }),
  )
})

const wide = 'x'.repeat(70_000)
const small = webhook({ url, maxBytes: 65_536 })
const dataOf = (event: Parameters<typeof archived>[0]) => JSON.parse(text(small, archived(event))).data

test('an event that is too large loses its unknown fields first, and says so', () => {
  const data = dataOf(detection('x', { extra: { wide }, evidence: 'kept' }))
  expect(data).toMatchObject({ evidence: 'kept', cut: ['extra'], additionalInfo: [{ key: 'alertUrl' }] })
  expect(data.extra).toBeUndefined()
})

test('only what was there is said to be cut', () => {
  const data = dataOf(detection('x', { additionalInfo: [{ key: 'k', value: wide }] }))
  expect(data).toMatchObject({ cut: ['additionalInfo'], additionalInfo: [], location: { city: 'Zürich' } })
})

test('a detection that is all over too large keeps who, what and when', () => {
  const data = dataOf(
    detection('x', {
      extra: { wide },
      additionalInfo: [{ key: 'k', value: wide }],
      location: wide,
      evidence: wide,
    }),
  )
  expect(data).toMatchObject({
    cut: ['extra', 'additionalInfo', 'location', 'evidence'],
    risk: { eventType: 'leakedCredentials' },
  })
  expect([data.location, data.evidence]).toEqual([undefined, undefined])
})

test('identities and heartbeats are cut too', () => {
  expect(dataOf(riskyIdentity('x', { extra: { wide } }))).toMatchObject({ cut: ['extra'] })
  expect(dataOf(heartbeat('x', { health: { wide } }))).toMatchObject({ cut: ['health'], health: {} })
  expect(dataOf(responseAction('x', { response: { wide } }))).toMatchObject({
    cut: ['response'],
    response: {},
  })
  const named = identityContext('x', {
    context: { riskHistory: [{ at: '2026-03-01', detail: wide }] },
    identity: { type: 'servicePrincipal', id: 'p', displayName: wide },
  })
  expect(dataOf(named)).toMatchObject({
    cut: ['context', 'identity.displayName'],
    context: {},
    identity: { id: 'p', displayName: expect.stringMatching(/…$/) },
    risk: { level: 'high' },
  })
})

test('a cut event exactly fills the limit or stays below it, and one byte less would cut it', () => {
  const event = archived(detection('x', { extra: { some: 'thing' } }))
  const exact = small.sizeOf(encoded(small, event.event))
  expect(text(webhook({ url, maxBytes: exact }), event)).not.toContain('"cut"')
  expect(text(webhook({ url, maxBytes: exact - 1 }), event)).toContain('"cut":["extra"]')
})

test('a name or text that is too large is shortened, with its field named in `cut` and the ids as they were', () => {
  const identity = { type: 'agent', id: 'i-1', displayName: `Payroll ${wide}`, appId: 'a-1' } as const
  const data = dataOf(riskyIdentity('x', { identity, extra: { some: 'thing' } }))
  expect(data.cut).toEqual(['extra', 'identity.displayName'])
  expect(data.identity).toMatchObject({ id: 'i-1', appId: 'a-1' })
  expect(data.identity.displayName).toMatch(/^Payroll x{192}…$/)
})

test('ids that are too large and do not name the event are left out, never cut: half an id is another one', () => {
  const keyIds = Array.from(
    { length: 2_000 },
    (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  )
  const data = dataOf(detection('x', { correlationId: wide, keyIds, requestId: 'r-1' }))
  expect(data.cut).toEqual(expect.arrayContaining(['correlationId', 'keyIds']))
  expect(data).toMatchObject({ requestId: 'r-1', keyIds: [] })
  expect(data.correlationId).toBeUndefined()
})

test('what stands around a cut event is that of the cut one: a huge risk detail does not come back in the fields of HEC', () => {
  const hec = webhook({ url, format: 'splunk-hec', maxBytes: 65_536 })
  const { event, fields } = JSON.parse(
    text(hec, archived(detection('x', { risk: { level: 'high', detail: wide } }))),
  )
  expect(event.cut).toContain('risk.detail')
  expect(fields.risk_detail).toBe(event.risk.detail)
  expect(fields).toMatchObject({ risk_level: 'high', severity: 'high' })
})

test('any event fits the smallest request, whatever its texts hold, if the ids that name it do', () => {
  const kinds = [small, webhook({ url, format: 'splunk-hec', maxBytes: 65_536 })]
  const huge = fc
    .constantFrom(0, 499, 501, 70_000)
    .chain((length) =>
      fc.constantFrom('x', 'é', '\ud83d\ude00', '\u0001', '"').map((unit) => unit.repeat(length)),
    )
  const texts = fc.record({
    displayName: huge,
    userPrincipalName: huge,
    subtype: huge,
    level: huge,
    detail: huge,
    source: huge,
    activity: huge,
    requestId: huge,
    ipAddress: huge,
    keyId: huge,
    technique: huge,
  })
  fc.assert(
    fc.property(texts, (t) => {
      const identity = {
        type: 'agent',
        id: 'i-1',
        displayName: t.displayName,
        userPrincipalName: t.userPrincipalName,
        subtype: t.subtype,
      } as const
      const risk = { level: t.level, detail: t.detail }
      const { source, activity, requestId, ipAddress } = t
      const large = detection('x', {
        identity,
        risk,
        source,
        activity,
        requestId,
        ipAddress,
        keyIds: [t.keyId],
        attack: { techniques: [t.technique], origin: 'wire' },
        extra: {},
        evidence: t.detail,
      })
      for (const sink of kinds)
        for (const event of [large, riskyIdentity('x', { identity, risk })]) {
          const result = sink.encode(archived(event))
          expect(isFault(result)).toBe(false)
          if (isFault(result)) return
          expect(sink.sizeOf([result])).toBeLessThanOrEqual(65_536)
          expect(() => JSON.parse(spanText(result))).not.toThrow()
        }
    }),
    { numRuns: 15 },
  )
})

test('an event whose very name is too large is a fault of its record', () => {
  const result = small.encode(archived(riskyIdentity('x', { identity: { type: 'agent', id: wide } })))
  expect(result).toMatchObject({ code: 'tooLarge', scope: 'record' })
  expect(JSON.stringify(result)).not.toContain('xxx')
})
