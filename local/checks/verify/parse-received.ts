import { type ArchiveLine, pointerTo } from './archive-line.ts'
import { EVENT_ATTRIBUTES, ROW_COLUMNS } from './columns.ts'
import { at, isObject, type Json, type JsonObject, text } from './json.ts'
import type { Received } from './received.ts'
import { isSame } from './same-value.ts'

/** Smaller events are never truncated. */
const MAY_BE_CUT_BYTES = 16_384

const differing = (
  shown: JsonObject,
  names: Readonly<Record<string, string>>,
  { says }: ArchiveLine,
): readonly string[] => Object.keys(names).filter((name) => !isSame(shown[name], at(says, names[name] ?? '')))

/** Copies an object with a value set at a path. */
const withValue = (object: JsonObject, [name = '', ...rest]: readonly string[], value: Json): JsonObject => {
  const inner = object[name]
  return {
    ...object,
    [name]: rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest, value),
  }
}

/** A row's values, at the paths of an archive line. */
const saidBy = (row: JsonObject): JsonObject =>
  Object.entries(ROW_COLUMNS).reduce<JsonObject>((made, [column, path]) => {
    const value = row[column]
    return value === undefined ? made : withValue(made, path.split('.'), value)
  }, {})

/** The event kind of a table. */
const KINDS: Readonly<Record<string, string>> = {
  EntraRiskDetections_CL: 'riskDetection',
  EntraRiskyIdentities_CL: 'riskyIdentity',
  EntraIdentityContext_CL: 'identityContext',
  EntraRiskResponses_CL: 'responseAction',
  EntraRiskExportHealth_CL: 'heartbeat',
}

function rowDiffers(row: JsonObject, line: ArchiveLine): readonly string[] {
  const [type, id] = ['type', 'id'].map((name) => at(line.says, `event.identity.${name}`))
  const principal = type === 'servicePrincipal' ? id : undefined
  return [
    ...differing(row, ROW_COLUMNS, line),
    ...(isSame(row['ServicePrincipalId'], principal) ? [] : ['ServicePrincipalId']),
  ]
}

/** A row of a table. */
function receivedRow(cells: JsonObject, table: string): Received {
  const row = { ...cells, Table: KINDS[table] ?? table }
  return {
    eventId: text(cells['EventId']),
    pointer: pointerTo(cells['ArchiveBlob'], cells['ArchiveLine']),
    says: saidBy(row),
    differs: (line) => rowDiffers(row, line),
  }
}

const isEmptied = (value: Json | undefined): boolean => Object.keys(value ?? {}).length === 0

function differences(
  shown: Json | undefined,
  whole: Json | undefined,
  mayBeGone: (path: string) => boolean,
  path: readonly string[] = [],
): readonly string[] {
  const name = path.join('.')
  if (isSame(shown, whole) || (isCutFrom(shown, whole) && mayBeGone(name))) return []
  if (!isObject(shown) || !isObject(whole)) return [name]
  const names = [...new Set([...Object.keys(shown), ...Object.keys(whole)])]
  return names.flatMap((inner) => differences(shown[inner], whole[inner], mayBeGone, [...path, inner]))
}

/** Whether a value is missing, or truncated with an ellipsis. */
const isCutFrom = (shown: Json | undefined, whole: Json | undefined): boolean =>
  isEmptied(shown) || (text(shown).endsWith('…') && text(whole).startsWith(text(shown).slice(0, -1)))

/**
 * Fields in which the event data differs from the archive. Fields listed in `cut` may be truncated,
 * empty or missing in large events.
 */
function dataDiffers({ cut, ...data }: JsonObject, archived: JsonObject): readonly string[] {
  const isLarge = Buffer.byteLength(JSON.stringify(archived)) > MAY_BE_CUT_BYTES
  const gone =
    isLarge && Array.isArray(cut)
      ? (cut as readonly Json[]).filter((name) => at(archived, text(name)) !== undefined)
      : []
  if (cut !== undefined && gone.length === 0) return ['cut']
  return differences(data, archived, (path) => gone.includes(path))
}

function cloudEventDiffers(
  { data, sequencenumber, ...event }: JsonObject,
  line: ArchiveLine,
): readonly string[] {
  const archived = line.says['event']
  return [
    // A string, since it may exceed an Integer of CloudEvents.
    ...differing({ ...event, sequencenumber: Number(sequencenumber) }, EVENT_ATTRIBUTES, line),
    ...(isObject(data) && isObject(archived) ? dataDiffers(data, archived) : ['data']),
  ]
}

const receivedCloudEvent = (event: JsonObject): Received => ({
  eventId: text(event['id']),
  pointer: pointerTo(event['archiveblob'], event['archiveline']),
  says: { event: event['data'] ?? {} },
  differs: (line) => cloudEventDiffers(event, line),
})

/** The paths of an archive line with the same value, by the address that an event in JSON has. */
const ADDRESS: Readonly<Record<string, string>> = {
  'position.namespace': 'position.namespace',
  'position.hub': 'position.hub',
  'position.partition': 'position.partition',
  'position.sequenceNumber': 'position.sequenceNumber',
  'position.enqueuedAt': 'position.enqueuedAt',
  'position.ordinal': 'ordinal',
  'position.of': 'of',
  'archive.blob': 'blob',
  'archive.line': 'line',
  'archive.digest': 'digest',
}

/** An event in the program's own JSON, alone or inside another format. */
function receivedJson(whole: JsonObject): Received {
  const { sequence: _, position = null, archive = null, ...event } = whole
  const address = { position, archive }
  return {
    eventId: text(event['eventId']),
    pointer: pointerTo(at(archive, 'blob'), at(archive, 'line')),
    says: { event },
    differs: ({ says }) => [
      ...Object.keys(ADDRESS).filter((name) => !isSame(at(address, name), at(says, ADDRESS[name] ?? ''))),
      ...(isObject(says['event']) ? dataDiffers(event, says['event']) : ['event']),
    ],
  }
}

/** The member of an object that is the event in JSON. */
const inside = (name: string, object: JsonObject): Received => {
  const event = object[name]
  return receivedJson(isObject(event) ? event : {})
}

/** JSON objects of a body: an array, or one per line. */
const parseObjects = (body: string): readonly JsonObject[] =>
  body.startsWith('[')
    ? (JSON.parse(body) as readonly JsonObject[])
    : body
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as JsonObject)

/** Rows stored by the ingestion endpoint: one file per table, one JSON object per line. */
export const parseRows = (ndjson: string, file: string): readonly Received[] =>
  ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => receivedRow(JSON.parse(line) as JsonObject, file.replace(/\.ndjson$/, '')))

/** CloudEvents in a webhook request body stored by the receiver: a batch, lines, or one. */
export const parseCloudEvents = (body: string): readonly Received[] =>
  parseObjects(body).map(receivedCloudEvent)

/** Reads a stored request body of the webhook, by the format of the destination. */
export const BODIES: Readonly<Record<string, (body: string) => readonly Received[]>> = {
  cloudevents: parseCloudEvents,
  json: (body) => parseObjects(body).map(receivedJson),
  'splunk-hec': (body) => parseObjects(body).map((one) => inside('event', one)),
  secops: (body) => parseObjects(body).map((one) => inside('event', one)),
  'elastic-bulk': (body) =>
    parseObjects(body)
      .filter((one) => !('create' in one))
      .map((one) => inside('entra_risk', one)),
}
