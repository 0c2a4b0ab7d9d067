import type { CatalogueEntry } from '../domain/catalogue-entry.ts'
import type { CategoryMeaning } from '../domain/category.ts'
import { catalogueEntry, detectionNote } from '../domain/detections.ts'
import { slotOf } from '../domain/event-fields.ts'
import { setEventId, setFactKey } from '../domain/event-id.ts'
import { writeEventJson } from '../domain/event-json.ts'
import type { FlatEvent } from '../domain/exported-event.ts'
import type { Fault } from '../domain/fault.ts'
import { deriveFields } from '../domain/flat-event.ts'
import type { DetectionNote } from '../domain/risk-event.ts'
import { BytesMemo } from '../encoding/bytes-memo.ts'
import { weakMemo } from '../encoding/weak-memo.ts'
import { parseText } from '../encoding/written-json.ts'
import { setAttack } from './attack.ts'
import { fieldNames } from './field-names.ts'
import { setLastUpdate } from './last-update.ts'
import { faultOf, type RecordParts, setExtra } from './record-parts.ts'
import { fieldRules } from './risk-fields.ts'
import { address, id } from './rules.ts'
import type { SourceSettings } from './source-settings.ts'

const KIND = slotOf('kind')
const CATEGORY = slotOf('category')
const DETECTION_ID = slotOf('detectionId')
const IDENTITY_TYPE = slotOf('identity.type')
const IDENTITY_ID = slotOf('identity.id')
const EVENT_TYPE = slotOf('risk.eventType')
const IP_ADDRESS = slotOf('ipAddress')
const KEY_IDS = slotOf('keyIds')
const ADDITIONAL_INFO = slotOf('additionalInfo')
const NOTE = {
  name: slotOf('detection.name'),
  description: slotOf('detection.description'),
  severity: slotOf('detection.severity'),
  links: slotOf('detection.links'),
}

const NONE: readonly never[] = []

const rulesOf = weakMemo(fieldRules)

const entries = new BytesMemo((type) => ({ entry: catalogueEntry(parseText(type)) }))

/** The catalogue covers workload identities only; a user detection may share a type's name. */
function catalogued({ identityType }: CategoryMeaning, { event }: RecordParts): CatalogueEntry | undefined {
  if (identityType === 'user' || !event.has(EVENT_TYPE)) return undefined
  return entries.of(event.memory.bytes, event.start(EVENT_TYPE), event.end(EVENT_TYPE)).entry
}

function setNote({ event, constants }: RecordParts, note: DetectionNote): void {
  constants.set(event, NOTE.name, note.name)
  constants.set(event, NOTE.description, note.description)
  constants.set(event, NOTE.severity, note.severity)
  constants.set(event, NOTE.links, note.links)
}

/** Sets the detection fields that `fieldRules` does not cover. */
function setDetection(meaning: CategoryMeaning, parts: RecordParts, settings: SourceSettings): void {
  const { event, outer, constants } = parts
  if (!event.has(IP_ADDRESS)) outer.read('callerIpAddress', address, event, IP_ADDRESS)
  if (!event.has(KEY_IDS)) constants.set(event, KEY_IDS, NONE)
  if (!event.has(ADDITIONAL_INFO)) constants.set(event, ADDITIONAL_INFO, NONE)
  const known = catalogued(meaning, parts)
  setAttack(parts, known)
  if (known !== undefined) setNote(parts, detectionNote(known, settings.language))
}

/** Normalises a record of a risk category. */
export function riskEvent(
  meaning: CategoryMeaning,
  parts: RecordParts,
  settings: SourceSettings,
): FlatEvent | Fault {
  const { kind, category, identityType } = meaning
  const { event, properties, constants } = parts
  const isDetection = kind === 'riskDetection'
  if (isDetection) properties.require(['id'], id, event, DETECTION_ID)
  properties.require(fieldNames(meaning).identityId, id, event, IDENTITY_ID)
  const fault = faultOf(parts)
  if (fault !== undefined) return fault
  constants.set(event, KIND, kind)
  constants.set(event, CATEGORY, category)
  constants.set(event, IDENTITY_TYPE, identityType)
  properties.readAll(rulesOf(meaning), event)
  if (isDetection) setDetection(meaning, parts, settings)
  const lastUpdatedAt = setLastUpdate(meaning, parts)
  setExtra(parts)
  deriveFields(event)
  const factId = isDetection ? DETECTION_ID : IDENTITY_ID
  setFactKey(event, { start: event.start(factId), end: event.end(factId) })
  const eventId = setEventId(event, kind)
  writeEventJson(event)
  return { kind, category, eventId, lastUpdatedAt, fields: event }
}
