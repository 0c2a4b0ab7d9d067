import { type estypes, Serializer } from '@elastic/elasticsearch'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ArchivedEvent, ExportedEvent } from '../../../../shared/domain/exported-event.ts'
import { isFault } from '../../../../shared/domain/fault.ts'
import { joinSpans } from '../../../../shared/encoding/span.ts'
import { ecsDocument } from '../../../../shared/sinks/webhook/formats/elastic-bulk/ecs-document.ts'
import { jsonEvent } from '../../../../shared/sinks/webhook/formats/json/json-event.ts'
import { FRAMINGS } from '../../../../shared/sinks/webhook/framing.ts'
import { arbitraryArchivedEvent } from '../../../support/arbitrary-events.ts'
import {
  archived,
  detection,
  heartbeat,
  identityContext,
  responseAction,
  riskyIdentity,
} from '../../../support/archived-events.ts'
import { textOf } from '../../../support/event-forms.ts'
import { factsOf, factsOfJson } from '../../../support/facts-of.ts'
import { closed, problemsBy, publishedSchema } from '../../../support/published-schema.ts'
import { webhook } from '../webhook-under-test.ts'

const encoder = ecsDocument('default')

/** The two lines of an event, parsed. */
function linesOf(event: ArchivedEvent) {
  const lines = textOf(encoder, event).split('\n')
  expect(lines).toHaveLength(2)
  const [action = '', document = ''] = lines
  return { action: JSON.parse(action), document: JSON.parse(document), text: document }
}
const documentOf = (event: ExportedEvent) => linesOf(archived(event)).document

describe('any event as two lines of the bulk API', () => {
  test('is created under its own id, with the whole event in entra_risk', () => {
    fc.assert(
      fc.property(arbitraryArchivedEvent, (event) => {
        const { action, text } = linesOf(event)
        expect(action.create._id).toBe(event.event.eventId)
        expect(action.create._index).toMatch(/^logs-entra_risk\.[a-z]+-default$/)
        expect(text.endsWith(`,"entra_risk":${textOf(jsonEvent, event)}}`)).toBe(true)
      }),
    )
  })

  test('says all facts of the model again', () => {
    fc.assert(
      fc.property(arbitraryArchivedEvent, (event) => {
        const { document } = linesOf(event)
        const facts = factsOf(event)
        expect(factsOfJson(document.entra_risk)).toEqual(facts)
        expect({
          eventId: document.event.id,
          identityId: document.user?.id,
          displayName: document.user?.name,
          level: document.user?.risk?.static_level,
          detail: document.event.reason,
          eventType: document.event.code,
          activityAt: document.event.start,
          enqueuedAt: document.event.created,
          lastUpdatedAt: document['@timestamp'],
          tenantId: document.organization.id,
          ipAddress: document.source?.address,
          digest: document.event.hash,
        }).toEqual({
          eventId: facts.eventId,
          identityId: facts.identityId,
          displayName: facts.displayName,
          level: facts.level,
          detail: facts.detail,
          eventType: facts.eventType,
          activityAt: facts.activityAt,
          enqueuedAt: facts.enqueuedAt,
          lastUpdatedAt: facts.lastUpdatedAt,
          tenantId: facts.tenantId,
          ipAddress: facts.ipAddress,
          digest: facts.digest,
        })
      }),
    )
  })

  const problems = problemsBy(closed(publishedSchema('ecs-document')), closed(publishedSchema('event')))

  test.each([detection('a'), riskyIdentity('b'), identityContext('c'), responseAction('d'), heartbeat('e')])(
    'is what the published schema describes: $kind',
    (event) => {
      const document = documentOf(event)
      expect(problems(document)).toEqual([])
      expect(problems({ ...document, event: { ...document.event, later: 1 } })).not.toEqual([])
    },
  )

  test('is what the published schema describes, whatever it holds', () => {
    fc.assert(
      fc.property(arbitraryArchivedEvent, (event) => {
        expect(problems(linesOf(event).document)).toEqual([])
      }),
    )
  })
})

describe('what ECS types more narrowly than the model', () => {
  test.each([
    ['none', 0],
    ['low', 21],
    ['medium', 47],
    ['high', 73],
    ['hidden', undefined],
    ['tomorrow', undefined],
  ])('risk level %s has severity %s', (level, severity) => {
    expect(documentOf(detection('a', { risk: { level } })).event.severity).toBe(severity)
  })

  test.each(['203.0.113.7', '2001:db8::1'])('%s is an address', (ipAddress) => {
    const document = documentOf(detection('a', { ipAddress }))
    expect(document.source).toMatchObject({ address: ipAddress, ip: ipAddress })
    expect(document.related.ip).toEqual([ipAddress])
  })

  test.each(['***', 'hash:0123', '203.0.113.7:443', '203.0.113.999', ''])('"%s" is none', (ipAddress) => {
    const document = documentOf(detection('a', { ipAddress }))
    expect(document.source).toMatchObject({ address: ipAddress })
    expect([document.source.ip, document.related.ip]).toEqual([undefined, undefined])
  })

  test.each<[unknown, unknown]>([
    [
      { city: 'Zürich', state: 'ZH', countryOrRegion: 'CH' },
      { city_name: 'Zürich', region_name: 'ZH', country_iso_code: 'CH' },
    ],
    [{ countryOrRegion: 'Switzerland' }, { country_name: 'Switzerland' }],
    [{ geoCoordinates: { latitude: 47.4, longitude: 8.5 } }, { location: { lat: 47.4, lon: 8.5 } }],
    [{ geoCoordinates: { latitude: 91, longitude: 8.5 } }, undefined],
    [{ geoCoordinates: { latitude: '47', longitude: 8 } }, undefined],
    [{ city: 7, state: null, countryOrRegion: '' }, undefined],
    ['Zürich', undefined],
    [null, undefined],
    [[], undefined],
  ])('a location %j is %j', (location, geo) => {
    const { source } = documentOf(detection('a', { location: location as never }))
    expect(source.geo).toEqual(geo)
  })

  test('a sub-technique stands beside its technique, and what is no id stands in neither', () => {
    const techniques = ['T1078.004', 'T1552', 'T1552.001', 'initial access', 'T12345']
    expect(documentOf(detection('a', { attack: { techniques, origin: 'wire' } })).threat).toEqual({
      framework: 'MITRE ATT&CK',
      technique: { id: ['T1552', 'T1078'], subtechnique: { id: ['T1078.004', 'T1552.001'] } },
    })
    const none = detection('a', { attack: { techniques: ['?'], origin: 'wire' } })
    expect(documentOf(none).threat).toBeUndefined()
  })

  test.each([
    [
      { action: 'disable', result: 'done' },
      { action: 'disable', outcome: 'success' },
    ],
    [
      { action: 'disable', result: 'failed' },
      { action: 'disable', outcome: 'failure' },
    ],
    [{ action: 7 }, { outcome: 'unknown' }],
    [{}, { outcome: 'unknown' }],
  ])('a response %j is %j', (response, expected) => {
    const { action, outcome } = documentOf(responseAction('a', { response })).event
    expect({ action, outcome }).toEqual({ action: undefined, ...expected })
  })
})

test('the official client writes the same operations byte for byte', () => {
  const sink = webhook({ url: 'https://es.example/_bulk', format: 'elastic-bulk' })
  const kinds = [
    detection('a'),
    riskyIdentity('b'),
    identityContext('c'),
    responseAction('d'),
    heartbeat('e'),
  ]
  const batch = kinds.map((event) => {
    const result = sink.encode(archived(event))
    if (isFault(result)) throw new Error(result.code)
    return result
  })
  const request: estypes.BulkRequest<Record<string, unknown>> = {
    operations: kinds.flatMap((event) => {
      const { action, document } = linesOf(archived(event))
      const operation: estypes.BulkOperationContainer = {
        create: action.create as estypes.BulkCreateOperation,
      }
      return [operation, document]
    }),
  }
  const theirs = new Serializer().ndserialize(request.operations as Record<string, unknown>[])
  expect(joinSpans(FRAMINGS.ndjson, batch).toString()).toBe(theirs)
})

test('the namespace of data streams is a setting', () => {
  const text = textOf(ecsDocument('prod'), archived(heartbeat('a')))
  expect(text).toContain('"_index":"logs-entra_risk.heartbeat-prod"')
  expect(text).toContain('"namespace":"prod"')
})
