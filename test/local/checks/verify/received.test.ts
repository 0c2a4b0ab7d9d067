import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { archiveLines } from '../../../../local/checks/verify/archive-line.ts'
import { ROW_COLUMNS } from '../../../../local/checks/verify/columns.ts'
import type { JsonObject } from '../../../../local/checks/verify/json.ts'
import { BODIES, parseCloudEvents, parseRows } from '../../../../local/checks/verify/parse-received.ts'
import { slotOf } from '../../../../shared/domain/event-fields.ts'
import type { ArchivedEvent, ExportedEvent } from '../../../../shared/domain/exported-event.ts'
import { positionJson } from '../../../../shared/domain/position.ts'
import { detectionsTable } from '../../../../shared/sinks/log-analytics/detections-table.ts'
import { identitiesTable } from '../../../../shared/sinks/log-analytics/identities-table.ts'
import { logRow } from '../../../../shared/sinks/log-analytics/log-row.ts'
import { cloudEvent } from '../../../../shared/sinks/webhook/formats/cloudevents/cloud-event.ts'
import { ecsDocument } from '../../../../shared/sinks/webhook/formats/elastic-bulk/ecs-document.ts'
import { jsonEvent } from '../../../../shared/sinks/webhook/formats/json/json-event.ts'
import { secopsEvent } from '../../../../shared/sinks/webhook/formats/secops/secops-event.ts'
import { hecEvent } from '../../../../shared/sinks/webhook/formats/splunk-hec/hec-event.ts'
import type { EventEncoder } from '../../../../shared/sinks/webhook/webhook-format.ts'
import { arbitraryArchivedEvent } from '../../../support/arbitrary-events.ts'
import { type ArchivedAs, archived, detection } from '../../../support/archived-events.ts'
import { jsonOf, spanText, textOf } from '../../../support/event-forms.ts'
import { receiversOf } from '../../../support/run-evidence.ts'

/** The line of the archive that an event stands in. */
function lineOf({ event, position, ordinal, digest, blob, line }: ArchivedEvent) {
  const of = event.fields.parse(slotOf('of'))
  const text =
    `{"v":1,"position":${positionJson(position)},"ordinal":${ordinal},"of":${JSON.stringify(of)},"digest":"${digest}",` +
    `"event":${jsonOf({ event }).toString()},"recordBytes":2,"record":{}}\n`
  const [found] = archiveLines({ name: blob, content: Buffer.from(text) })
  if (found === undefined) throw new Error('there is a line')
  return { ...found, line, says: { ...found.says, line } }
}

/** Only a detection has a type. */
const isPossible = ({ event }: ArchivedAs<ExportedEvent>): boolean =>
  event.kind !== 'riskyIdentity' || event.risk.eventType === undefined

const rowOf = (event: ArchivedEvent): JsonObject =>
  JSON.parse(`{"TimeGenerated":""${spanText(logRow(event, 1_000_000))}`)

/** Formats that hold the event in JSON. */
const JSON_FORMS: Readonly<Record<string, EventEncoder>> = {
  json: jsonEvent,
  'splunk-hec': hecEvent({ splunkIndex: undefined, splunkTime: 'arrival' }),
  'elastic-bulk': ecsDocument('default'),
  secops: secopsEvent,
}

/** All ways to alter one value of an object, at whatever depth. */
function* altered(value: JsonObject): Generator<readonly [string, JsonObject]> {
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
      for (const [path, changed] of altered(inner as JsonObject))
        yield [`${name}.${path}`, { ...value, [name]: changed }]
    } else {
      yield [name, { ...value, [name]: typeof inner === 'number' ? inner + 1 : `${JSON.stringify(inner)}x` }]
      const { [name]: _, ...without } = value
      yield [`without ${name}`, without]
    }
  }
}

describe('what a receiver holds', () => {
  it('is what the archive says, whatever the event', () => {
    fc.assert(
      fc.property(arbitraryArchivedEvent.filter(isPossible), (event) => {
        const line = lineOf(event)
        for (const { name, received } of receiversOf([event]))
          expect(
            received.flatMap(({ differs }) => differs(line)),
            name,
          ).toEqual([])
      }),
    )
  })

  it.each(Object.keys(JSON_FORMS))('is what the archive says in the format %s', (format) => {
    fc.assert(
      fc.property(arbitraryArchivedEvent.filter(isPossible), (event) => {
        const [received, another] = BODIES[format]?.(textOf(JSON_FORMS[format] ?? jsonEvent, event)) ?? []
        expect(another).toBeUndefined()
        expect(received?.eventId).toBe(JSON.parse(jsonOf(event).toString()).eventId)
        expect(received?.pointer).toBe(`${event.blob}#${event.line}`)
        expect(received?.differs(lineOf(event))).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it('is not, once any member of the event in JSON is another or gone', () => {
    const event = archived(detection('a', { extra: { a: { b: 1 } } }))
    const line = lineOf(event)
    const missed = [...altered(JSON.parse(textOf(jsonEvent, event)))].filter(
      ([, changed]) => BODIES['json']?.(JSON.stringify(changed))[0]?.differs(line).length === 0,
    )
    expect(missed.map(([path]) => path)).toEqual(['sequence', 'without sequence'])
  })

  it('is not, once any column of a row is another or gone', () => {
    const event = archived(detection('a', { processing: true, evidence: 'why', extra: { a: { b: 1 } } }))
    const { TimeGenerated: _, ...row } = rowOf(event)
    const line = lineOf(event)
    const missed = [...altered(row)].filter(([, changed]) => {
      const [received] = parseRows(JSON.stringify(changed), 'EntraRiskDetections_CL.ndjson')
      return received?.differs(line).length === 0
    })
    expect(missed.map(([path]) => path)).toEqual([])
  })

  it('is not where it lies in another table', () => {
    const event = archived(detection('a'))
    const [received] = parseRows(JSON.stringify(rowOf(event)), 'EntraRiskyIdentities_CL.ndjson')
    expect(received?.differs(lineOf(event))).toEqual(['Table'])
  })

  it('is not, once any field of the data of a CloudEvent, or an attribute that names its evidence, is another or gone', () => {
    const event = archived(detection('a', { extra: { a: { b: 1 } } }))
    const whole = JSON.parse(textOf(cloudEvent, event)) as JsonObject
    const line = lineOf(event)
    const OTHERS = /^(?:without )?(?:specversion|source|type|datacontenttype|severity\w+|sequence)$/
    const missed = [...altered(whole)].filter(([path, changed]) => {
      const [received] = parseCloudEvents(JSON.stringify([changed]))
      return !OTHERS.test(path) && received?.differs(line).length === 0
    })
    expect(missed.map(([path]) => path)).toEqual([])
  })

  it('is known for every column of the two tables', () => {
    const declared = [...detectionsTable.columns, ...identitiesTable.columns].map(({ name }) => name)
    // Of the way that the event took, not of the event.
    const ofDelivery = ['TimeGenerated', 'IsBackfilled']
    const known = new Set([...Object.keys(ROW_COLUMNS), ...ofDelivery, 'ServicePrincipalId'])
    expect(declared.filter((name) => !known.has(name))).toEqual([])
  })
})

describe('an event that a webhook was sent cut', () => {
  const large = archived(detection('a', { extra: { note: 'x'.repeat(1_000_000), b: 1 } }))
  const data = (changes: JsonObject): JsonObject => {
    const { extra: _, ...rest } = JSON.parse(jsonOf(large).toString()) as JsonObject
    return { ...rest, ...changes }
  }
  const differs = (sent: JsonObject, of: ArchivedEvent = large) => {
    const whole = textOf(cloudEvent, of).replace(jsonOf(of).toString(), () => JSON.stringify(sent))
    const [received] = parseCloudEvents(`[${whole}]`)
    return received?.differs(lineOf(of))
  }

  it('is right if it says what was cut and the rest is what the archive says', () => {
    const [, webhook] = receiversOf([large])
    expect(webhook.received[0]?.says['event']).toMatchObject({ cut: ['extra'] })
    expect(differs(data({ cut: ['extra'] }))).toEqual([])
    expect(differs(data({ cut: ['extra', 'location'], location: {} }))).toEqual([])
  })

  it('is wrong if it does not say so, says so of something else, or says something else', () => {
    expect(differs(data({}))).toEqual(['extra'])
    expect(differs(data({ cut: ['location'] }))).toEqual(['extra'])
    expect(differs(data({ cut: [] }))).toEqual(['cut'])
    expect(differs(data({ cut: ['extra'], extra: { b: 2 } }))?.toSorted()).toEqual(['extra.b', 'extra.note'])
    expect(differs(data({ cut: ['extra'], source: 'another' }))).toEqual(['source'])
  })

  it('is wrong if the event is small', () => {
    const small = archived(detection('a'))
    const { source: _, ...rest } = JSON.parse(jsonOf(small).toString()) as JsonObject
    expect(differs({ ...rest, cut: ['source'] }, small)).toEqual(['cut'])
  })
})
