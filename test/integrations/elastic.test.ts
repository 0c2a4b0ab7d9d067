import { readFileSync } from 'node:fs'
import type { estypes } from '@elastic/elasticsearch'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ArchivedEvent } from '../../shared/domain/exported-event.ts'
import { DATASETS, ecsDocument } from '../../shared/sinks/webhook/formats/elastic-bulk/ecs-document.ts'
import { arbitraryArchivedEvent } from '../support/arbitrary-events.ts'
import {
  archived,
  detection,
  heartbeat,
  identityContext,
  responseAction,
  riskyIdentity,
} from '../support/archived-events.ts'
import { fieldsOf, type Mapping, mappedFields, mappingProblems } from '../support/elastic-mapping.ts'
import { textOf } from '../support/event-forms.ts'

const read = (name: string): string => readFileSync(`integrations/elastic/${name}`, 'utf8')
const template: estypes.IndicesPutIndexTemplateRequest & { template: { mappings: Mapping } } = {
  name: 'logs-entra_risk',
  ...JSON.parse(read('index-template.json')),
}
const pipeline: estypes.IngestPutPipelineRequest = {
  id: 'logs-entra_risk',
  ...JSON.parse(read('ingest-pipeline.json')),
}
const { mappings } = template.template
const documentOf = (event: ArchivedEvent): unknown =>
  JSON.parse(textOf(ecsDocument('default'), event).split('\n')[1] ?? '')

describe('the index template', () => {
  test('maps every field of any document, with a type that takes what it holds', () => {
    fc.assert(
      fc.property(arbitraryArchivedEvent, (event) => {
        expect(mappingProblems(mappings, documentOf(event))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('would refuse what no event may say', () => {
    const document = documentOf(archived(detection('a'))) as Record<string, object>
    expect(mappingProblems(mappings, { ...document, later: 1 })).toEqual(['later: not mapped'])
    expect(mappingProblems(mappings, { ...document, source: { ip: 'none' } })).toHaveLength(1)
  })

  test('maps no field that no document has, but those of the pipeline and the marks', () => {
    const full = detection('a', {
      signInRequestId: 'r',
      signInCorrelationId: 'c',
      clientSessionId: 's',
      evidence: 'e',
      processing: true,
      lastUpdatedFrom: 'enqueuedTime',
      extra: { x: 1 },
      attack: { techniques: ['T1078.004'], origin: 'wire' },
      location: {
        city: 'c',
        state: 's',
        countryOrRegion: 'CH',
        geoCoordinates: { latitude: 1, longitude: 2 },
      },
      identity: {
        type: 'agent',
        id: 'i',
        displayName: 'd',
        appId: 'a',
        subtype: 's',
        blueprintId: 'b',
        userPrincipalName: 'u',
        enabled: true,
        deleted: false,
      },
    })
    const named = detection('b', { location: { countryOrRegion: 'Switzerland' } })
    const kinds = [full, named, riskyIdentity('c'), identityContext('d'), responseAction('e'), heartbeat('f')]
    const found = new Set(kinds.flatMap((event) => fieldsOf(mappings, documentOf(archived(event)))))
    expect(mappedFields(mappings).filter((field) => !found.has(field))).toEqual([
      'event.ingested',
      'entra_risk.cut',
      'entra_risk.redacted',
      'error.message',
    ])
  })

  test('is for the data streams that the encoder writes to, and theirs is the pipeline', () => {
    const [pattern = ''] = [template.index_patterns ?? []].flat()
    const matches = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`)
    for (const dataset of DATASETS) expect(`logs-${dataset}-prod`).toMatch(matches)
    expect(template.template.settings?.index).toMatchObject({ default_pipeline: pipeline.id })
  })
})

test('the pipeline notes the arrival, and never costs a document', () => {
  expect(pipeline.processors).toEqual([
    { set: { field: 'event.ingested', value: '{{{_ingest.timestamp}}}' } },
  ])
  expect(pipeline.on_failure).toBeDefined()
})

interface Rule {
  readonly rule_id: string
  readonly type: string
  readonly language: string
  readonly query: string
  readonly from: string
  readonly interval: string
  readonly timestamp_override: string
  readonly enabled: boolean
  readonly severity: string
  readonly risk_score: number
  readonly threat: readonly {
    tactic: { id: string }
    technique: readonly { id: string; subtechnique: readonly { id: string }[] }[]
  }[]
}

const rules: readonly Rule[] = read('rules.ndjson')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line))
const minutes = (span: string): number => {
  const [, number = '', unit = ''] = /(\d+)([mh])$/.exec(span) ?? []
  return Number(number) * (unit === 'h' ? 60 : 1)
}

describe('the detection rules', () => {
  test('are several, each with an id of its own', () => {
    expect(rules.length).toBeGreaterThanOrEqual(4)
    expect(new Set(rules.map(({ rule_id: id }) => id)).size).toBe(rules.length)
  })

  test.each(rules)('$rule_id is an ES|QL rule by arrival, off until it is switched on', (rule) => {
    expect(rule).toMatchObject({
      type: 'esql',
      language: 'esql',
      timestamp_override: 'event.ingested',
      enabled: false,
    })
    expect(['low', 'medium', 'high', 'critical']).toContain(rule.severity)
    expect(minutes(rule.from), 'each run looks back over at least the last two').toBeGreaterThanOrEqual(
      2 * minutes(rule.interval),
    )
  })

  test.each(rules)(
    '$rule_id searches a data stream that is written, by fields that are mapped',
    ({ query }) => {
      const [, stream = ''] = /^FROM (\S+)/.exec(query) ?? []
      expect(DATASETS.map((dataset) => `logs-${dataset}-*`)).toContain(stream)
      const withoutTexts = query.replace(/"[^"]*"/g, '').replace(stream, '')
      const named = withoutTexts.match(/@timestamp|\b[a-z_]+(?:\.\w+)+/g) ?? []
      const known = new Set(mappedFields(mappings))
      expect(named.length).toBeGreaterThan(0)
      expect(named.filter((field) => !known.has(field))).toEqual([])
    },
  )

  test.each(rules.filter(({ query }) => !query.includes('STATS')))(
    '$rule_id keeps what lets Kibana tell a document it has seen',
    ({ query }) => {
      expect(query).toMatch(/METADATA _id, _index, _version\n/)
      expect(query).toMatch(/KEEP _id, _index, _version, /)
    },
  )

  test.each(rules)('$rule_id names techniques under their ids', ({ threat }) => {
    for (const { tactic, technique } of threat) {
      expect(tactic.id).toMatch(/^TA\d{4}$/)
      for (const { id, subtechnique } of technique)
        for (const sub of subtechnique) expect(sub.id.startsWith(`${id}.`)).toBe(true)
    }
  })

  test('what they compare with is what events say', () => {
    const { event, entra_risk: risk } = documentOf(archived(detection('a'))) as {
      event: { severity: number; code: string }
      entra_risk: { risk: { state: string } }
    }
    const [high = { query: '' }, leaked = { query: '' }] = rules
    expect(high.query).toContain(`event.severity >= ${event.severity}`)
    expect(high.query).toContain(`entra_risk.risk.state == "${risk.risk.state}"`)
    expect(leaked.query).toContain(`event.code == "${event.code}"`)
  })
})
