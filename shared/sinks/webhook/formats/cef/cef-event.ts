import { isIP } from 'node:net'
import { type Field, slotOf } from '../../../../domain/event-fields.ts'
import type { ArchivedEvent, ExportedEvent } from '../../../../domain/exported-event.ts'
import { instantAt } from '../../../../domain/iso-instant.ts'
import type { Json } from '../../../../encoding/json.ts'
import { supersedence } from '../../supersedence.ts'
import type { EventEncoder } from '../../webhook-format.ts'
import { extensionJson, extensionText, headerText } from './cef-text.ts'

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
const SEVERITIES: ReadonlyMap<Json | undefined, string> = new Map<Json | undefined, string>([
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
    before: ` ${label === undefined ? '' : `${key}Label=${label} `}${key}=`,
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

const textOf = (value: Json | undefined, otherwise: string): string =>
  typeof value === 'string' ? value : otherwise

/** Each with a space before it. */
function extensionsOf(archived: ArchivedEvent): string {
  const { fields } = archived.event
  let text = ''
  for (const { before, slot } of TIME_SLOTS)
    if (fields.has(slot)) text += `${before}${instantAt(fields.memory.bytes, fields.start(slot) + 1)}`
  for (const { before, slot } of TEXT_SLOTS) {
    const value = fields.parse(slot)
    // An extension cannot be empty.
    if (value !== undefined && value !== '') text += `${before}${extensionText(typeof value === 'string' ? value : JSON.stringify(value))}`
  }
  text += address(fields.parse(IP_ADDRESS))
  const techniques = fields.parse(TECHNIQUES)
  if (Array.isArray(techniques) && techniques.length > 0)
    text += ` cs6Label=techniques cs6=${extensionText(techniques.join(','))}`
  text += ` sequence=${extensionText(supersedence(archived))}`
  return `${text} event=${extensionJson(fields.bytes(EVENT).toString())}`
}

function lineOf(archived: ArchivedEvent): string {
  const { fields, kind } = archived.event
  const type = headerText(textOf(fields.parse(EVENT_TYPE), kind))
  const name = headerText(textOf(fields.parse(NAME), NAMES[kind]))
  const severity = kind === 'heartbeat' ? '0' : (SEVERITIES.get(fields.parse(LEVEL)) ?? 'Unknown')
  return `${PRODUCT}|${type}|${name}|${severity}|${extensionsOf(archived).slice(1)}`
}

/**
 * One event as a line of the Common Event Format, without a syslog header. The last extension,
 * `event`, is the event's JSON; those before it are what searches start from. Receivers drop
 * duplicates by `externalId`.
 */
export const cefEvent: EventEncoder = {
  write: (out, _fields, archived) => out.text(lineOf(archived)),
}
