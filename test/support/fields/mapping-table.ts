import { EVENT_FIELDS, type Field } from '../../../shared/domain/event-fields.ts'
import type { ArchivedEvent, ExportedEvent } from '../../../shared/domain/exported-event.ts'
import {
  archived,
  archivedAt,
  detection,
  heartbeat,
  identityContext,
  responseAction,
  riskyIdentity,
} from '../archived-events.ts'
import { PLACE_NOTES } from './field-notes.ts'
import { changedAt, codes, tableOf, valueAt } from './field-tables.ts'

/** How a receiver reads an event in a format: members, at any depth. */
export type ReadEvent = (archived: ArchivedEvent) => object

const identity = {
  type: 'agent',
  id: '0a0a0a0a-1b1b-4c2c-8d3d-4e4e4e4e4e4e',
  displayName: 'Payroll nightly sync',
  appId: '99999999-8888-4777-8666-555555555555',
  subtype: 'agentIdentity',
  blueprintId: '77777777-8888-4777-8666-555555555555',
  userPrincipalName: 'payroll@contoso.example',
  enabled: true,
  deleted: false,
} as const

/** An event of every kind, with all that it can have. */
export const FULL_EVENTS: readonly ExportedEvent[] = [
  detection('full', {
    identity,
    lastUpdatedFrom: 'enqueuedTime',
    signInRequestId: 'aaaaaaaa-0000-4000-8000-000000000003',
    signInCorrelationId: 'aaaaaaaa-0000-4000-8000-000000000004',
    clientSessionId: 'aaaaaaaa-0000-4000-8000-000000000005',
    evidence: 'Signed in from a new place.',
    processing: true,
    extra: { newField: 1 },
  }),
  riskyIdentity('full', {
    identity,
    lastUpdatedFrom: 'enqueuedTime',
    processing: true,
    extra: { newField: 1 },
  }),
  identityContext('full', { identity }),
  responseAction('full', { identity }),
  heartbeat('full'),
]

/** Paths and values of a read event; `[]` stands for the members of a list. */
function leaves(value: unknown, path = ''): readonly (readonly [path: string, value: string])[] {
  if (typeof value !== 'object' || value === null) return [[path, JSON.stringify(value)]]
  const isList = Array.isArray(value)
  const members = Object.entries(value)
  if (members.length === 0) return [[path, '{}']]
  return members.flatMap(([name, inner]) =>
    leaves(inner, isList ? `${path}[]` : path === '' ? name : `${path}.${name}`),
  )
}

function byPath(event: object): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [path, value] of leaves(event)) found.set(path, `${found.get(path) ?? ''},${value}`)
  return found
}

/** What contains others is shown once: `response` for `response.action`, `response.result`… */
const DEEP = /^(.*\b(?:response|context|health|extra|location|additionalInfo))(?:\[\])?(?:\..*)?$/

const shown = (path: string): string => DEEP.exec(path)?.[1] ?? path

/** The event with another value of a field, or in another place; `undefined`: it has no such field. */
function changed(event: ExportedEvent, field: Field): ArchivedEvent | undefined {
  const path = field.split('.')
  const { event: _, ...place } = archived(event)
  if (field in PLACE_NOTES) {
    const at = changedAt(place, field in place.position ? ['position', ...path] : path)
    return archivedAt(event, at as typeof place)
  }
  return valueAt(event, field) === undefined
    ? undefined
    : archivedAt(changedAt(event, path) as ExportedEvent, place)
}

/** Where a field of an event is found in a format; `undefined`: the event has no such field. */
export function pathsOf(read: ReadEvent, event: ExportedEvent, field: Field): readonly string[] | undefined {
  const other = changed(event, field)
  if (other === undefined) return undefined
  const [before, after] = [byPath(read(archived(event))), byPath(read(other))]
  const names = [...new Set([...before.keys(), ...after.keys()])]
  return names.filter((name) => before.get(name) !== after.get(name))
}

const FIELDS: readonly Field[] = [
  ...EVENT_FIELDS.filter((field) => field !== 'kind'),
  ...(Object.keys(PLACE_NOTES) as Field[]),
]

/** Fields of events that a format does not carry. */
export const lostFields = (read: ReadEvent): readonly string[] =>
  FULL_EVENTS.flatMap((event) =>
    FIELDS.filter((field) => pathsOf(read, event, field)?.length === 0).map(
      (field) => `${event.kind} ${field}`,
    ),
  )

/** The table from the event to a format: every place that depends on a field, where there is one. */
export function mappingTable(read: ReadEvent, format: string): string {
  const rows = FIELDS.flatMap((field) => {
    const paths = FULL_EVENTS.flatMap((event) => pathsOf(read, event, field) ?? []).map(shown)
    return paths.length === 0 ? [] : [[`\`${field}\``, codes(new Set(paths))]]
  })
  return tableOf(['Event', format], rows)
}
