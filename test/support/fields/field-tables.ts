import { readdirSync, readFileSync } from 'node:fs'
import { categoryMeaning, USER_CATEGORIES, WORKLOAD_CATEGORIES } from '../../../shared/domain/category.ts'
import { EVENT_FIELDS, type EventField, type Field, slotOf } from '../../../shared/domain/event-fields.ts'
import type { ArchivedEvent, ExportedEvent } from '../../../shared/domain/exported-event.ts'
import type { Column } from '../../../shared/sinks/log-analytics/column.ts'
import { detectionsTable } from '../../../shared/sinks/log-analytics/detections-table.ts'
import { identitiesTable } from '../../../shared/sinks/log-analytics/identities-table.ts'
import { cloudEvent } from '../../../shared/sinks/webhook/formats/cloudevents/cloud-event.ts'
import { hecEvent } from '../../../shared/sinks/webhook/formats/splunk-hec/hec-event.ts'
import type { EventEncoder } from '../../../shared/sinks/webhook/webhook-format.ts'
import type { FieldRule } from '../../../shared/source/fields.ts'
import { fieldRules } from '../../../shared/source/risk-fields.ts'
import { archived, archivedAt, detection } from '../archived-events.ts'
import { textOf } from '../event-forms.ts'
import { FIELD_NOTES, PLACE_NOTES } from './field-notes.ts'

type Members = Readonly<Record<string, unknown>>

const GOLDENS = 'test/golden/normalise'
const KINDS: Readonly<Record<ExportedEvent['kind'], string>> = {
  riskDetection: 'detection',
  riskyIdentity: 'identity',
  identityContext: 'context',
  responseAction: 'response',
  heartbeat: 'heartbeat',
}

export const codes = (names: Iterable<string>): string => [...names].map((name) => `\`${name}\``).join(', ')
export const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** Events as the program made them of the golden records. */
const goldenEvents: readonly Members[] = readdirSync(GOLDENS)
  .filter((name) => name.endsWith('.expected.json'))
  .flatMap((name) => JSON.parse(readFileSync(`${GOLDENS}/${name}`, 'utf8')).records ?? [])
  .flatMap(({ reading }) => (reading.status === 'event' ? [reading.event] : []))

export const valueAt = (event: unknown, field: string): unknown =>
  field.split('.').reduce((value, name) => (value as Members | undefined)?.[name], event)

const MEANINGS = [...WORKLOAD_CATEGORIES, ...USER_CATEGORIES].flatMap((name) => categoryMeaning(name) ?? [])

/** The rules by which a field is read, of all kinds or one. */
const rulesFor = (field: EventField, kind?: string): readonly FieldRule[] =>
  MEANINGS.filter((meaning) => kind === undefined || meaning.kind === kind)
    .flatMap(fieldRules)
    .filter(({ slot }) => slot === slotOf(field))

/** The kinds of event that can have a field: there is a rule for it, or a golden event has it. */
function kindsWith(field: EventField): readonly string[] {
  return Object.entries(KINDS)
    .filter(
      ([kind]) =>
        rulesFor(field, kind).length > 0 ||
        goldenEvents.some((event) => event['kind'] === kind && valueAt(event, field) !== undefined),
    )
    .map(([, name]) => name)
}

/** The same in words. */
function inWords(kinds: readonly string[]): string {
  const [other, ...others] = Object.values(KINDS).filter((name) => !kinds.includes(name))
  if (other === undefined) return 'all'
  return others.length === 0 ? `all but ${other}` : kinds.join(', ')
}

/** The table of an event's fields. */
export const eventTable = (): string =>
  tableOf(
    ['field', 'of', 'meaning'],
    EVENT_FIELDS.map((field) => [`\`${field}\``, inWords(kindsWith(field)), FIELD_NOTES[field].meaning]),
  )

/** Names of a record that a field is read from, in the order of their precedence. */
const recordNames = (field: EventField): string =>
  codes(new Set(rulesFor(field).flatMap(({ names }) => names)))

const COLUMNS: readonly Column[] = [...detectionsTable.columns, ...identitiesTable.columns]

/** The columns that show a field. */
const columnsOf = (...sources: readonly Column['from'][]): string =>
  codes(new Set(COLUMNS.filter(({ from }) => sources.includes(from)).map(({ name }) => name)))

function otherThan(value: unknown): unknown {
  if (typeof value === 'number') return value + 60_000
  if (typeof value === 'boolean') return !value
  if (value === 'riskDetection') return 'riskyIdentity'
  return typeof value === 'object' && value !== null ? ['other'] : `${String(value)}1`
}

/** A value with another one at a path. */
export function changedAt(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value
  const members = (value ?? {}) as Members
  const inner = members[name]
  return { ...members, [name]: rest.length === 0 ? otherThan(inner) : changedAt(inner, rest) }
}

const { event: EXAMPLE, ...PLACE } = archived(detection('example'))

/** The example, with a change to one of its fields or its place. */
export function exampleWith(changed?: Field): ArchivedEvent {
  const path = changed?.split('.') ?? []
  const isInEvent = changed !== undefined && changed in FIELD_NOTES
  const isInPosition = changed !== undefined && changed in PLACE.position
  const event = isInEvent ? changedAt(EXAMPLE, path) : EXAMPLE
  const place = isInEvent ? PLACE : changedAt(PLACE, isInPosition ? ['position', ...path] : path)
  return archivedAt(event as ExportedEvent, place as typeof PLACE)
}

/** What a destination gets around the example, with a change to one of its fields or its place. */
function attributesOf(form: EventEncoder, changed?: Field): ReadonlyMap<string, unknown> {
  const json = textOf(form, exampleWith(changed))
  const { data: _, event = {}, fields = {}, ...around }: Members = JSON.parse(json)
  const { sequence, position = {}, archive = {} } = event as Members
  const within = (path: string, members: unknown) =>
    Object.entries(members as Members).map(([name, value]) => [`${path}.${name}`, value] as const)
  return new Map([
    ...Object.entries(around),
    ...within('fields', fields),
    ...(sequence === undefined ? [] : [['event.sequence', sequence] as const]),
    ...within('event.position', position),
    ...within('event.archive', archive),
  ])
}

/** The attributes around the event that depend on a field: those that change with it. */
function dependentOn(form: EventEncoder, field: Field): string {
  const [before, after] = [attributesOf(form), attributesOf(form, field)]
  const names = new Set([...before.keys(), ...after.keys()])
  return codes([...names].filter((name) => before.get(name) !== after.get(name)))
}

const hec = hecEvent({ splunkIndex: undefined, splunkTime: 'updated' })

const destinations = (field: Field, columns: string): readonly string[] => [
  columns,
  dependentOn(cloudEvent, field),
  dependentOn(hec, field),
]

const isOfRisk = (field: EventField): boolean =>
  [KINDS.riskDetection, KINDS.riskyIdentity].some((name) => kindsWith(field).includes(name))

/** The table of all fields, from the record to each destination. */
export function fieldsTable(): string {
  const own = EVENT_FIELDS.filter(isOfRisk).map((field) => {
    const columns = columnsOf(...(field === 'identity.id' ? [field, 'servicePrincipalId' as const] : [field]))
    const record = FIELD_NOTES[field].record ?? recordNames(field)
    return [record, `\`${field}\``, ...destinations(field, columns)]
  })
  const place = Object.entries(PLACE_NOTES).map(([name, record]) => {
    const field = name as keyof typeof PLACE_NOTES
    return [record, '', ...destinations(field, columnsOf(field))]
  })
  const sending = [
    ['time of the request', '', columnsOf('timeOfSending'), '', ''],
    ['the way it took: a replay, or Graph a day late', '', columnsOf('isBackfilled'), '', ''],
  ]
  return tableOf(
    ['Record', 'Event', 'Log Analytics', 'CloudEvents', 'Splunk HEC'],
    [...own, ...place, ...sending],
  )
}
