import type { AnySchemaObject } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EVENT_FIELDS } from '../../../../shared/domain/event-fields.ts'
import type { ArchivedEvent, ExportedEvent } from '../../../../shared/domain/exported-event.ts'
import { isFault } from '../../../../shared/domain/fault.ts'
import type { WebhookSink } from '../../../../shared/sinks/webhook/sink.ts'
import { arbitraryArchivedEvent } from '../../../support/arbitrary-events.ts'
import {
  archived,
  detection,
  heartbeat,
  identityContext,
  responseAction,
  riskyIdentity,
} from '../../../support/archived-events.ts'
import { jsonOf, spanText } from '../../../support/event-forms.ts'
import { factsOf, factsOfJson } from '../../../support/facts-of.ts'
import { closed, problemsBy, publishedSchema } from '../../../support/published-schema.ts'
import { receiver } from '../receiver.ts'
import { never, webhook } from '../webhook-under-test.ts'

const url = 'https://siem.example/hooks'
const sink = webhook({ url, format: 'json' })
const textFrom = (from: WebhookSink, event: ArchivedEvent): string => {
  const result = from.encode(event)
  if (isFault(result)) throw new Error(result.code)
  return spanText(result)
}

describe('any event as JSON', () => {
  test('is one line that begins with the very event', () => {
    fc.assert(
      fc.property(arbitraryArchivedEvent, (event) => {
        const text = textFrom(sink, event)
        expect(text).not.toContain('\n')
        expect(text.startsWith(`${jsonOf(event).toString().slice(0, -1)},"sequence":"`)).toBe(true)
      }),
    )
  })

  test('says all facts of the model again', () => {
    fc.assert(
      fc.property(arbitraryArchivedEvent, (event) => {
        expect(factsOfJson(JSON.parse(textFrom(sink, event)))).toEqual(factsOf(event))
      }),
    )
  })
})

const schema = publishedSchema('event')
const problems = problemsBy(closed(schema))

describe('the published schema', () => {
  const everyKind: readonly ExportedEvent[] = [
    detection('a'),
    riskyIdentity('b', { processing: true, extra: { x: 1 } }),
    identityContext('c'),
    responseAction('d'),
    heartbeat('e', { lastUpdatedFrom: 'enqueuedTime' }),
  ]

  test('is a schema by itself, open to members of later versions', () => {
    const json = JSON.parse(textFrom(sink, archived(detection('a'))))
    expect(problemsBy(schema)({ ...json, later: 1 })).toEqual([])
  })

  test.each(everyKind)('describes $kind as it is sent, and nothing else is sent', (event) => {
    const json = JSON.parse(textFrom(sink, archived(event)))
    expect(problems(json)).toEqual([])
    expect(problems({ ...json, later: 1 })).not.toEqual([])
  })

  test('describes any event as it is sent', () => {
    fc.assert(
      fc.property(arbitraryArchivedEvent, (event) => {
        expect(problems(JSON.parse(textFrom(sink, event)))).toEqual([])
      }),
    )
  })

  test('describes a cut event', () => {
    const small = webhook({ url, format: 'json', maxBytes: 65_536 })
    const large = archived(detection('a', { extra: { wide: 'x'.repeat(70_000) } }))
    const json = JSON.parse(textFrom(small, large))
    expect(json.cut).toEqual(['extra'])
    expect(problems(json)).toEqual([])
  })

  test.each([
    ['kind', 'other'],
    ['eventId', 'short'],
    ['lastUpdatedAt', '2026-03-01'],
    ['risk', { level: 3 }],
    ['identity', { type: 'machine', id: 'x' }],
    ['position', {}],
    ['keyIds', undefined],
  ])('refuses a detection with another %s', (name, value) => {
    const json = JSON.parse(textFrom(sink, archived(detection('a'))))
    expect(problems({ ...json, [name]: value })).not.toEqual([])
  })

  test('names every field that an event can have, and no other', () => {
    const PLACE = ['sequence', 'position', 'archive', 'cut', 'redacted']
    const MEMBERS = new Set(['identity', 'risk', 'attack', 'detection'])
    const named = Object.values(schema['$defs'] as Record<string, AnySchemaObject>).flatMap((def) =>
      Object.entries((def['properties'] ?? {}) as Record<string, AnySchemaObject>).flatMap(
        ([name, property]) =>
          MEMBERS.has(name) ? Object.keys(property['properties']).map((one) => `${name}.${one}`) : [name],
      ),
    )
    expect(new Set(named)).toEqual(new Set([...EVENT_FIELDS, ...PLACE]))
  })
})

describe('on the wire', () => {
  const { server, json } = receiver()
  const events = [archived(detection('a')), archived(riskyIdentity('b'))]

  test.each([
    ['array', (body: string) => JSON.parse(body)],
    [
      'ndjson',
      (body: string) =>
        body
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
    ],
  ] as const)('the events of a request are joined as %s', async (framing, parse) => {
    await using to = json({ framing })
    const batch = events.flatMap((event) => {
      const one = to.encode(event)
      return isFault(one) ? [] : [one]
    })
    expect(await to.deliver(batch, never)).toMatchObject({ status: 'delivered' })
    const [request] = server().requests
    expect(parse(String(request?.body)).map((one: { eventId: string }) => one.eventId)).toEqual(
      events.map(({ event }) => event.eventId),
    )
  })

  test('with single, each event is a request of its own', () => {
    const single = webhook({ url, format: 'json', framing: 'single' })
    expect(single.limits.maxEvents).toBe(1)
    expect(JSON.parse(textFrom(single, events[0] as ArchivedEvent)).kind).toBe('riskDetection')
  })
})
