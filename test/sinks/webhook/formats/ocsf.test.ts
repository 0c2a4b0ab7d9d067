import { existsSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { redactions } from '../../../../shared/config/webhook-forms.ts'
import { EVENT_FIELDS } from '../../../../shared/domain/event-fields.ts'
import type { ArchivedEvent } from '../../../../shared/domain/exported-event.ts'
import { isFault } from '../../../../shared/domain/fault.ts'
import { REDACTIONS, type Redaction } from '../../../../shared/domain/redaction.ts'
import { arbitraryArchivedEvent } from '../../../support/arbitrary-events.ts'
import {
  archived,
  detection,
  heartbeat,
  identityContext,
  responseAction,
  riskyIdentity,
} from '../../../support/archived-events.ts'
import { spanText } from '../../../support/event-forms.ts'
import { type Facts, factsOf, present } from '../../../support/facts.ts'
import { PublishedSchema } from '../../../support/ocsf/published-schema.ts'
import { disagreements, type JsonSchema } from '../../../support/ocsf/schema-agreement.ts'
import { violations } from '../../../support/ocsf/violations.ts'
import { webhook } from '../webhook-under-test.ts'

const PUBLISHED = '../shared/tools/ocsf-validate/schema18'
const published = existsSync(PUBLISHED) ? new PublishedSchema(PUBLISHED) : undefined
const OURS: JsonSchema = JSON.parse(readFileSync('docs/schemas/ocsf.schema.json', 'utf8'))
const isOurs = new Ajv2020({ allErrors: true, strict: true, strictTypes: false }).compile(OURS)

const ocsf = webhook({ url: 'https://siem.example/hooks', format: 'ocsf' })
const small = webhook({ url: 'https://siem.example/hooks', format: 'ocsf', maxBytes: 65_536 })

const REDACTABLE = EVENT_FIELDS.filter((field) => redactions.safeParse(`${field}:drop`).success)

function written(event: ArchivedEvent, sink = ocsf) {
  const result = sink.encode(event)
  if (isFault(result)) throw new Error(result.code)
  const line = spanText(result)
  expect(line).not.toContain('\n')
  return JSON.parse(line)
}

/** Everything that a setting can redact, redacted. */
const redacting = (how: Redaction['how']) =>
  webhook({
    url: 'https://siem.example/hooks',
    format: 'ocsf',
    redactions: redactions.parse(REDACTABLE.map((field) => `${field}:${how}`).join(',')),
    redactKey: 'a key for tests',
  })

const LEVELS = ['none', 'low', 'medium', 'high']

/** What an event in OCSF says, by the names of the model. */
function readBack(event: ReturnType<typeof written>): Facts {
  const { metadata, unmapped, finding_info: finding, evidences, resources, entity, cloud } = event
  const { kind, factKey, position, extra, health, response, risk } = unmapped
  const who = entity ?? resources?.[0]
  const types = { 'Service Principal': 'servicePrincipal', 'AI Agent': 'agent', User: 'user' }
  const identity = who && {
    type: types[who.type as keyof typeof types],
    id: who.uid,
    displayName: who.name,
    appId: who.uid_alt ?? who.data.appId,
  }
  const { risk_level_id: level, risk_level: other, status_code: state, status_detail: detail } = event
  const endpoint = evidences?.[0].src_endpoint
  const content = extra ?? health ?? response ?? resources?.[0].data.context
  const { blob, line, sequenceNumber, ...place } = position
  return present({
    id: metadata.uid,
    factKey,
    kind,
    tenantId: cloud?.org.uid ?? metadata.tenant_uid,
    identity,
    risk: finding
      ? { level: level === 99 ? other : LEVELS[level], state, detail, eventType: metadata.event_code }
      : risk,
    activityAt: event.start_time,
    detectedAt: finding?.created_time,
    lastUpdatedAt: event.time,
    techniques:
      kind === 'riskDetection'
        ? (finding.attacks ?? []).map(
            ({ technique, sub_technique: sub }: Record<string, { uid: string }>) => (sub ?? technique)?.uid,
          )
        : undefined,
    ipAddress: endpoint?.ip ?? endpoint?.name,
    position: { ...place, sequenceNumber: Number(sequenceNumber) },
    archive: { blob, line, digest: `sha256:${event.raw_data_hash.value}` },
    content,
  })
}

const examples = [
  detection('a'),
  detection('agent', { identity: { type: 'agent', id: 'a-1', blueprintId: 'b-1' }, evidence: 'why' }),
  riskyIdentity('b'),
  identityContext('c'),
  responseAction('d'),
  heartbeat('e'),
].map((event) => archived(event))

describe('OCSF', () => {
  it.each(examples)('$event.kind agrees with our JSON Schema', (event) => {
    isOurs(written(event))
    expect(isOurs.errors).toBeNull()
  })

  test('our JSON Schema refuses an attribute that is not written, and a wrong caption', () => {
    const [event] = examples
    if (event === undefined) throw new Error('no example')
    expect(isOurs({ ...written(event), other: 1 })).toBe(false)
    expect(isOurs({ ...written(event), severity: 'high' })).toBe(false)
  })

  test('any event agrees with our JSON Schema, and its facts can be read back', () => {
    fc.assert(
      fc.property(arbitraryArchivedEvent, (event) => {
        const read = written(event)
        isOurs(read)
        expect(isOurs.errors).toBeNull()
        const facts = factsOf(event)
        expect(readBack(read)).toEqual(
          facts.kind === 'riskDetection' ? { ...facts, techniques: facts.techniques ?? [] } : facts,
        )
      }),
    )
  })

  test.each([
    ['atRisk', 1, 1, true],
    [undefined, 1, 0, true],
    ['confirmedCompromised', 2, 2, true],
    ['dismissed', 3, 3, false],
    ['confirmedSafe', 3, 3, false],
    ['remediated', 3, 4, false],
    ['none', 3, 99, false],
    ['aStateOfTomorrow', 2, 99, true],
  ])(
    'over the life of a finding, the state %s is activity %i and status %i',
    (state, activity, status, alert) => {
      const risk = state === undefined ? { level: 'high' } : { level: 'high', state }
      for (const event of [detection('x', { risk }), riskyIdentity('x', { risk })]) {
        const read = written(archived(event))
        expect([read.activity_id, read.status_id, read.is_alert]).toEqual([activity, status, alert])
        expect(read.type_uid).toBe(200400 + activity)
        expect(read.finding_info.uid).toBe('detectionId' in event ? event.detectionId : event.identity.id)
      }
    },
  )

  test('a level that the licence hides is neither low nor none', () => {
    const read = written(archived(detection('x', { risk: { level: 'hidden' } })))
    expect(read).toMatchObject({ severity_id: 0, risk_level_id: 99, risk_level: 'hidden' })
  })

  test('an event that was cut says so, and which fields are not whole', () => {
    const read = written(archived(detection('x', { extra: { wide: 'x'.repeat(70_000) } })), small)
    expect(read).toMatchObject({ metadata: { is_truncated: true }, unmapped: { cut: ['extra'] } })
    isOurs(read)
    expect(isOurs.errors).toBeNull()
  })
})

describe.each(REDACTIONS)('with everything redacted by %s', (how) => {
  const sink = redacting(how)

  it.each(examples)('$event.kind still agrees with the schemas', (event) => {
    const read = written(event, sink)
    expect(JSON.stringify(read)).not.toContain('Payroll')
    isOurs(read)
    expect(isOurs.errors).toBeNull()
    expect(published === undefined ? [] : violations(published, read)).toEqual([])
  })
})

describe.skipIf(published === undefined)('by the published schema of OCSF 1.8', () => {
  const schema = published as PublishedSchema

  it.each(examples)('$event.kind is valid', (event) => {
    expect(violations(schema, written(event))).toEqual([])
  })

  test('any event is valid', () => {
    fc.assert(
      fc.property(arbitraryArchivedEvent, (event) => {
        expect(violations(schema, written(event))).toEqual([])
      }),
    )
  })

  test('our JSON Schema allows nothing that it forbids', () => {
    expect(disagreements(schema, OURS)).toEqual([])
  })

  test('the validator sees what is wrong', () => {
    const [event] = examples
    if (event === undefined) throw new Error('no example')
    const read = written(event)
    const wrong = {
      ...read,
      finding_info: { title: 'no uid' },
      severity: 'Low',
      resources: [{ ...read.resources[0], role_id: 12 }],
      assignee: { name: 'of a profile' },
      invented: 1,
    }
    expect(violations(schema, wrong).toSorted()).toEqual([
      'assignee needs the profile incident',
      'finding_info.uid is missing',
      'invented is not in the schema',
      'resources.role_id has no value 12',
      'severity_id is High, but severity is "Low"',
    ])
  })
})
