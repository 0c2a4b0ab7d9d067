import { isIP } from 'node:net'
import { type EventFields, type Field, type Slot, slotOf } from '../../../../domain/event-fields.ts'
import type { ArchivedEvent, ExportedEvent } from '../../../../domain/exported-event.ts'
import { instantAt } from '../../../../domain/iso-instant.ts'
import type { ByteWriter } from '../../../../encoding/byte-writer.ts'
import { BytesMemo } from '../../../../encoding/bytes-memo.ts'
import type { Json } from '../../../../encoding/json.ts'
import { QUOTE } from '../../../../encoding/json-bytes.ts'
import { Literal } from '../../../../encoding/literal.ts'
import { parseAt, parseText } from '../../../../encoding/written-json.ts'
import { supersedence } from '../../supersedence.ts'
import type { EventEncoder } from '../../webhook-format.ts'
import { extensionText, headerText, writeExtension, writeExtensionJson } from './cef-text.ts'

/** Version of what these lines hold; a breaking change gets a new number. */
const PRODUCT = 'CEF:0|Entra risk export|Entra risk export|1'

/** Names of the events that have no type of their own. */
const NAMES: Readonly<Record<ExportedEvent['kind'], string>> = {
  riskDetection: 'Risk detection',
  riskyIdentity: 'Risk state of an identity',
  identityContext: 'Context of an identity',
  responseAction: 'Response to a risk',
  heartbeat: 'Heartbeat',
}

/** From 0 to 10: 0 to 3 is low, 4 to 6 medium, 7 to 8 high. */
const SEVERITIES: ReadonlyMap<string, string> = new Map([
  ['none', '0'],
  ['low', '3'],
  ['medium', '5'],
  ['high', '8'],
])

type Extension = readonly [key: string, field: Field, label?: string]

/** Of the dictionary; custom ones have a label. */
const TEXTS: readonly Extension[] = [
  ['externalId', 'eventId'],
  ['cat', 'category'],
  ['suid', 'identity.id'],
  ['suser', 'identity.displayName'],
  ['reason', 'risk.detail'],
  ['cs1', 'risk.level', 'riskLevel'],
  ['cs2', 'risk.state', 'riskState'],
  ['cs3', 'identity.type', 'identityType'],
  ['cs4', 'identity.appId', 'appId'],
  ['cs5', 'tenantId', 'tenantId'],
  ['factKey', 'factKey'],
  ['origin', 'origin'],
  ['detectionId', 'detectionId'],
  ['hubNamespace', 'namespace'],
  ['hub', 'hub'],
  ['hubPartition', 'partition'],
  ['hubSequenceNumber', 'sequenceNumber'],
  ['recordOrdinal', 'ordinal'],
  ['recordDigest', 'digest'],
  ['archiveBlob', 'blob'],
  ['archiveLine', 'line'],
]
/** In milliseconds since 1970. */
const TIMES: readonly Extension[] = [
  ['rt', 'lastUpdatedAt'],
  ['start', 'activityAt'],
  ['deviceCustomDate1', 'detectedAt', 'detectedAt'],
]

const withSlots = (extensions: readonly Extension[]) =>
  extensions.map(([key, field, label]) => ({
    before: new Literal(` ${label === undefined ? '' : `${key}Label=${label} `}${key}=`),
    slot: slotOf(field),
  }))
const TEXT_SLOTS = withSlots(TEXTS)
const TIME_SLOTS = withSlots(TIMES)

const EVENT = slotOf('event')
const EVENT_TYPE = slotOf('risk.eventType')
const NAME = slotOf('detection.name')
const LEVEL = slotOf('risk.level')
const IP_ADDRESS = slotOf('ipAddress')
const TECHNIQUES = slotOf('attack.techniques')

const VERSION_4 = 4
const VERSION_6 = 6

/** `src` is for IPv4 alone. */
function address(value: Json | undefined): string {
  if (typeof value !== 'string') return ''
  switch (isIP(value)) {
    case VERSION_4:
      return ` src=${value}`
    case VERSION_6:
      return ` c6a2Label=sourceAddress c6a2=${value}`
    default:
      return value === '' ? '' : ` sourceAddress=${extensionText(value)}`
  }
}

const UNKNOWN = 'Unknown'
/** Length of `""`. */
const EMPTY_TEXT_BYTES = 2

const types = new BytesMemo((type) => headerText(parseText(type)))
const names = new BytesMemo((name) => headerText(parseText(name)))
const severities = new BytesMemo((level) => SEVERITIES.get(parseText(level)) ?? UNKNOWN)
const techniques = new BytesMemo((json) => {
  const list: Json = parseAt(Buffer.from(json), 0, Buffer.byteLength(json))
  return Array.isArray(list) && list.length > 0
    ? ` cs6Label=techniques cs6=${extensionText(list.join(','))}`
    : ''
})

function writeExtensions(out: ByteWriter, archived: ArchivedEvent): void {
  const { fields } = archived.event
  const { bytes } = fields.memory
  for (const { before, slot } of TIME_SLOTS) {
    if (!fields.has(slot)) continue
    out.literal(before)
    out.integer(instantAt(bytes, fields.start(slot) + 1))
  }
  for (const { before, slot } of TEXT_SLOTS) {
    const [start, end] = [fields.start(slot), fields.end(slot)]
    // An extension cannot be empty.
    if (start < 0 || (end - start === EMPTY_TEXT_BYTES && bytes[start] === QUOTE)) continue
    out.literal(before)
    writeExtension(out, fields.memory, start, end)
  }
  if (fields.has(IP_ADDRESS))
    out.text(address(parseAt(bytes, fields.start(IP_ADDRESS), fields.end(IP_ADDRESS))))
  if (fields.has(TECHNIQUES)) out.text(techniques.of(bytes, fields.start(TECHNIQUES), fields.end(TECHNIQUES)))
  out.ascii(` sequence=${supersedence(archived)} event=`)
  writeExtensionJson(out, fields.memory, fields.start(EVENT), fields.end(EVENT))
}

function write(out: ByteWriter, fields: EventFields, archived: ArchivedEvent): void {
  const { kind } = archived.event
  const { bytes } = fields.memory
  const of = (memo: BytesMemo<string>, slot: Slot, otherwise: string): string =>
    fields.has(slot) ? memo.of(bytes, fields.start(slot), fields.end(slot)) : otherwise
  const type = of(types, EVENT_TYPE, kind)
  const name = of(names, NAME, NAMES[kind])
  const severity = kind === 'heartbeat' ? '0' : of(severities, LEVEL, UNKNOWN)
  out.text(`${PRODUCT}|${type}|${name}|${severity}|`)
  const start = out.length
  writeExtensions(out, archived)
  // Each has a space before it, the first none.
  out.bytes.copyWithin(start, start + 1, out.length)
  out.length -= 1
}

/**
 * One event as a line of the Common Event Format, without a syslog header. The last extension,
 * `event`, is the event's JSON; those before it are what searches start from. Receivers drop
 * duplicates by `externalId`.
 */
export const cefEvent: EventEncoder = { write }
