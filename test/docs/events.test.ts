import { execFileSync } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { buildChunk } from '../../shared/archive/chunk.ts'
import { parseEvent } from '../../shared/domain/flat-event.ts'
import type { Form } from '../../shared/domain/form.ts'
import { cloudEvent } from '../../shared/sinks/webhook/formats/cloudevents/cloud-event.ts'
import { jsonEvent } from '../../shared/sinks/webhook/formats/json/json-event.ts'
import { hecEvent } from '../../shared/sinks/webhook/formats/splunk-hec/hec-event.ts'
import { requestSigner } from '../../shared/sinks/webhook/signature.ts'
import type { EventEncoder } from '../../shared/sinks/webhook/webhook-format.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { messageOf, settings } from '../source/reading-under-test.ts'
import { jsonOf, textOf } from '../support/event-forms.ts'
import { eventTable, fieldsTable } from '../support/fields/field-tables.ts'
import { codesIn, generatedSection, sectionOf, tableRows } from '../support/generated-section.ts'
import { hasTools } from '../support/shell-tools.ts'

const PAGE = 'docs/events.md'
const GOLDENS = 'test/golden/normalise'

const body = readFileSync(join(GOLDENS, 'detection-leaked-credentials.json'))
const chunk = buildChunk([readMessage(messageOf(body), settings)])
const [archived] = chunk.events
if (archived === undefined) throw new Error('the example is no event')
const event = parseEvent(archived.event)
if (event.kind !== 'riskDetection') throw new Error('the example is no detection')

const block = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``
const pretty = (json: string): string => JSON.stringify(JSON.parse(json), undefined, 2)
const half = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

// Written down from the page, not from the program: the two check each other.
const factParts = JSON.stringify([
  event.tenantId,
  'riskDetection',
  'servicePrincipal',
  event.detectionId,
  event.lastUpdatedAt,
  event.risk.state,
])
const { identity, risk } = event
const eventParts = JSON.stringify([
  half(factParts),
  identity.id,
  identity.displayName,
  identity.appId,
  identity.subtype,
  identity.blueprintId,
  identity.userPrincipalName,
  identity.enabled,
  identity.deleted,
  risk.level,
  risk.detail,
  risk.eventType,
  event.activityAt,
  event.detectedAt,
  event.lastUpdatedFrom,
  event.source,
  event.timingType,
  event.activity,
  event.tokenIssuerType,
  event.requestId,
  event.correlationId,
  event.signInRequestId,
  event.signInCorrelationId,
  event.clientSessionId,
  event.ipAddress,
  event.location,
  event.keyIds,
  event.additionalInfo.map(({ key, value }) => [key, value]),
  event.evidence,
  event.attack?.techniques.toSorted(),
  event.processing,
])
const commands = [
  `printf '%s' '${factParts}' | sha256sum | cut -c1-32`,
  `# ${half(factParts)}  factKey`,
  `printf '%s' '${eventParts}' | sha256sum | cut -c1-32`,
  `# ${half(eventParts)}  eventId`,
].join('\n')

/** A shell function that the page shows, and a call of it. */
const shell = (name: string, call: string): string => {
  const [, code = ''] =
    /```sh\n([\s\S]*?)```/.exec(readFileSync(PAGE, 'utf8').split(`<!-- check: ${name} -->`)[1] ?? '') ?? []
  expect(code).not.toBe('')
  return execFileSync('bash', ['-euo', 'pipefail', '-c', `${code}\n${call}`], { encoding: 'utf8' })
}

const keysOf = (value: unknown): readonly string[] => Object.keys(value as object)

/** An event in a form, its own JSON left out. */
const around = (form: Form): string =>
  textOf(form, archived).replace(jsonOf(archived).toString(), '{"…":"the event"}')

/** The same for forms that hold the event with its place. */
const aroundJson = (form: EventEncoder): string =>
  textOf(form, archived).replace(textOf(jsonEvent, archived), '{"…":"the event as in JSON"}')

const afterEvent = textOf(jsonEvent, archived).replace(
  jsonOf(archived).toString().slice(1, -1),
  '"…":"the event"',
)

const canRun = hasTools('bash', 'zcat', 'jq', 'sha256sum', 'openssl', 'od', 'base64')

describe('the page of events', () => {
  it.each([
    ['example-record', block('json', pretty(JSON.stringify(JSON.parse(body.toString()).records[0])))],
    ['example-event', block('json', pretty(jsonOf(archived).toString()))],
    ['example-ids', block('sh', commands)],
    ['example-cloudevent', block('json', pretty(around(cloudEvent)))],
    ['example-json', block('json', pretty(afterEvent))],
    [
      'example-hec',
      block('json', pretty(aroundJson(hecEvent({ splunkIndex: undefined, splunkTime: 'arrival' })))),
    ],
  ])('has the %s as the program makes it', (name, content) => {
    expect(generatedSection(PAGE, name, content)).toBe(content)
  })

  it('computes by its recipes the ids that the program computes', () => {
    expect(half(factParts)).toBe(event.factKey)
    expect(half(eventParts)).toBe(event.eventId)
  })

  it.skipIf(!canRun)('shows commands that print them', () => {
    const printed = execFileSync('bash', ['-c', commands], { encoding: 'utf8' })
    expect(printed.split('\n')).toEqual([event.factKey, event.eventId, ''])
  })

  it.skipIf(!canRun)('shows a command that computes the fact keys of a blob again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'risk-export-docs-'))
    const blob = join(folder, 'blob.jsonl.gz')
    const bodies = [
      'identity-at-risk-then-confirmed-compromised',
      'agent-detection',
      'heartbeat',
      'time-missing',
    ]
    const messages = bodies.map((name) =>
      readMessage(messageOf(readFileSync(join(GOLDENS, `${name}.json`))), settings),
    )
    writeFileSync(blob, gzipSync(buildChunk(messages).content))
    const lines = shell('fact-keys', `fact_keys '${blob}'`).trim().split('\n')
    rmSync(folder, { recursive: true })
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines) expect(line).toMatch(/^([0-9a-f]{32}) \1$/)
  })

  it.skipIf(!canRun)('shows a command that makes the signature of a request', () => {
    const folder = mkdtempSync(join(tmpdir(), 'risk-export-docs-'))
    const file = join(folder, 'body')
    const secret = `whsec_${Buffer.from('a secret for one test only').toString('base64')}`
    const content = Buffer.from('[{"id":"ü"}]\n')
    writeFileSync(file, content)
    const signed = requestSigner('msg_1', content, { secrets: [secret], nowMs: () => 1_700_000_000_000 })()
    const made = shell('signature', `signature '${secret}' msg_1 1700000000 '${file}'`).trim()
    rmSync(folder, { recursive: true })
    expect(made).toBe(signed['webhook-signature'])
    const byHand = createHmac('sha256', 'a secret for one test only')
      .update('msg_1.1700000000.')
      .update(content)
    expect(made).toBe(`v1,${byHand.digest('base64')}`)
  })

  it('has the table of fields as the program declares them', () => {
    expect(generatedSection(PAGE, 'fields', eventTable())).toBe(eventTable())
  })

  it('names every field that an event can have, and no other', () => {
    const leaves = (value: unknown): readonly string[] =>
      Object.entries(value as object).flatMap(([name, inner]) =>
        ['identity', 'risk', 'attack', 'detection'].includes(name)
          ? keysOf(inner).map((member) => `${name}.${member}`)
          : [name],
      )
    const events = readdirSync(GOLDENS)
      .filter((name) => name.endsWith('.expected.json'))
      .flatMap((name) => JSON.parse(readFileSync(join(GOLDENS, name), 'utf8')).records ?? [])
      .flatMap(({ reading }) => (reading.status === 'event' ? [reading.event] : []))
    const rows = tableRows(sectionOf(PAGE, '<!-- fields: generated -->', '<!-- /fields -->'))
    expect(new Set(rows.map(([field = '']) => codesIn(field)[0]))).toEqual(new Set(events.flatMap(leaves)))
  })
})

describe('the page of fields', () => {
  it('has the table from the record to each destination as the program declares it', () => {
    expect(generatedSection('docs/fields.md', 'fields', fieldsTable())).toBe(fieldsTable())
  })
})
