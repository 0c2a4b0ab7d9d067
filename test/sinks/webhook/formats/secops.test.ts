import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ExportedEvent } from '../../../../shared/domain/exported-event.ts'
import { jsonEvent } from '../../../../shared/sinks/webhook/formats/json/json-event.ts'
import { secopsEvent } from '../../../../shared/sinks/webhook/formats/secops/secops-event.ts'
import { smallBatch } from '../../../contract/sink-fixture.ts'
import { arbitraryArchivedEvent } from '../../../support/arbitrary-events.ts'
import { archived, detection, heartbeat, riskyIdentity } from '../../../support/archived-events.ts'
import { textOf } from '../../../support/event-forms.ts'
import { factsOf, factsOfJson } from '../../../support/facts-of.ts'
import { status } from '../../../support/scripted-answer.ts'
import { receiver } from '../receiver.ts'
import { never } from '../webhook-under-test.ts'

const udmOf = (event: ExportedEvent) => JSON.parse(textOf(secopsEvent, archived(event))).udm

describe('any event for Google SecOps', () => {
  test('is one line with the event as in the format json, and says all facts of the model again', () => {
    fc.assert(
      fc.property(arbitraryArchivedEvent, (event) => {
        const text = textOf(secopsEvent, event)
        expect(text).not.toContain('\n')
        expect(text.endsWith(`,"event":${textOf(jsonEvent, event)}}`)).toBe(true)
        const { udm, event: json } = JSON.parse(text)
        const facts = factsOf(event)
        expect(factsOfJson(json)).toEqual(facts)
        const { resource } = udm.target ?? {}
        const labels = new Map(
          udm.security_result[0].detection_fields.map((one: { key: string; value: string }) => [
            one.key,
            one.value,
          ]),
        )
        expect({
          eventId: udm.metadata.product_log_id,
          tenantId: udm.metadata.product_deployment_id,
          eventType: udm.metadata.product_event_type,
          lastUpdatedAt: udm.metadata.event_timestamp,
          enqueuedAt: udm.metadata.collected_timestamp,
          identityId: resource?.product_object_id,
          displayName: resource?.name,
          identityType: resource?.resource_subtype,
          level: labels.get('risk_level'),
          state: labels.get('risk_state'),
          detail: labels.get('risk_detail'),
        }).toEqual({
          eventId: facts.eventId,
          tenantId: facts.tenantId,
          eventType: facts.eventType,
          lastUpdatedAt: facts.lastUpdatedAt,
          enqueuedAt: facts.enqueuedAt,
          identityId: facts.identityId,
          displayName: facts.displayName,
          identityType: facts.identityType,
          level: facts.level,
          state: facts.state,
          detail: facts.detail,
        })
      }),
    )
  })
})

test.each([
  ['none', 'NONE'],
  ['low', 'LOW'],
  ['medium', 'MEDIUM'],
  ['high', 'HIGH'],
  ['hidden', 'UNKNOWN_SEVERITY'],
  ['tomorrow', 'UNKNOWN_SEVERITY'],
])('risk level %s is severity %s', (level, severity) => {
  expect(udmOf(detection('a', { risk: { level } })).security_result[0].severity).toBe(severity)
})

test.each([
  ['atRisk', 'ALERTING'],
  ['confirmedCompromised', 'ALERTING'],
  ['dismissed', 'NOT_ALERTING'],
  ['remediated', 'NOT_ALERTING'],
])('a state %s is %s', (state, alertState) => {
  expect(udmOf(riskyIdentity('a', { risk: { state } })).security_result[0].alert_state).toBe(alertState)
})

test('only addresses and ids of techniques stand where UDM wants them', () => {
  const attack = { techniques: ['T1078.004', 'initial access', 'T1552'], origin: 'wire' } as const
  const udm = udmOf(detection('a', { ipAddress: '2001:db8::1', attack }))
  expect(udm.principal).toEqual({ ip: ['2001:db8::1'] })
  expect(udm.security_result[0].attack_details.techniques).toEqual([{ id: 'T1078.004' }, { id: 'T1552' }])
  const none = udmOf(detection('a', { ipAddress: '***', attack: { techniques: ['?'], origin: 'wire' } }))
  expect([none.principal, none.security_result[0].attack_details]).toEqual([undefined, undefined])
})

test('the parser moves every field of UDM to the place of the same name, and none that is not sent', () => {
  const parser = readFileSync('integrations/google-secops/parser.conf', 'utf8')
  const moved = [...parser.matchAll(/"event\.idm\.read_only_udm\.([\w.]+)" => "%\{udm\.([\w.]+)\}"/g)]
  for (const [, to, from] of moved) expect(to).toBe(from)
  const lists = [...parser.matchAll(/ in udm\.([\w.]+)/g)].map(([, path]) => path)
  const named = new Set([
    ...moved.map(([, to]) => to),
    ...lists,
    // By its filter `date`; when it was collected is known to the feed.
    'metadata.event_timestamp',
    'metadata.collected_timestamp',
  ])
  const leaves = (value: unknown, path = ''): readonly string[] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([name, inner]) =>
          leaves(inner, path === '' ? name : `${path}.${name}`),
        )
      : [path]
  const sent = [detection('a'), riskyIdentity('b'), heartbeat('c')].flatMap((event) => leaves(udmOf(event)))
  expect(named).toEqual(new Set(sent))
})

describe('an API key that Google does not accept, which it says by 400', () => {
  const { server, secops } = receiver()
  const refused = status(
    400,
    { 'content-type': 'application/json' },
    '{"error":{"code":400,"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}',
  )

  test('is the fault of the sink, not of the events', async () => {
    await using sink = secops()
    server().always(refused)
    expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({
      fault: { code: 'unauthorized', scope: 'sink', message: expect.stringContaining('WEBHOOK_TOKEN') },
    })
  })

  test('is rotated like any other: the second is tried, and used from then on', async () => {
    await using sink = secops({
      authentication: { by: 'header', name: 'x-goog-api-key', values: ['old', 'new'] },
    })
    server().answering(({ headers }) => (headers['x-goog-api-key'] === 'new' ? undefined : refused))
    for (let n = 0; n < 2; n += 1)
      expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({ status: 'delivered' })
    expect(server().requests.map(({ headers }) => headers['x-goog-api-key'])).toEqual(['old', 'new', 'new'])
  })

  test.each(['', '{', '[]', '{"error":{"details":[1,{"reason":"OTHER"}]}}'])(
    'and what else Google refuses by 400 is a refusal of the events: %s',
    async (body) => {
      await using sink = secops()
      server().always(status(400, {}, body))
      expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({ fault: { code: 'payloadRefused' } })
    },
  )
})
