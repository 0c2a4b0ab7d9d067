import type { CatalogueEntry } from '../domain/catalogue-entry.ts'
import { type EventFields, slotOf } from '../domain/event-fields.ts'
import { firstPair, keyOf, pairAfter, valueAfter } from '../domain/pair-json.ts'
import type { Json } from '../encoding/json.ts'
import { parseAt, textEnd, valueEnd } from '../encoding/written-json.ts'
import type { RecordParts } from './record-parts.ts'
import { asText } from './scalars.ts'

const TECHNIQUES_KEY = Buffer.from('"mitretechniques"')
const TO_LOWER_CASE = 0x20

const ADDITIONAL_INFO = slotOf('additionalInfo')
const TECHNIQUES = slotOf('attack.techniques')
const ORIGIN = slotOf('attack.origin')

/** Far more than one detection has; the rest stays in the archived record. */
const MAX_TECHNIQUES = 64

function addTechniques(techniques: Set<string>, value: Json | undefined): void {
  if (typeof value === 'string') {
    for (const part of value.split(',', MAX_TECHNIQUES)) {
      const technique = part.trim()
      if (technique !== '' && techniques.size < MAX_TECHNIQUES) techniques.add(technique)
    }
  } else if (Array.isArray(value)) {
    for (const inner of value as readonly Json[])
      if (typeof inner === 'string') addTechniques(techniques, inner)
  }
}

function isTechniquesKey(bytes: Buffer, at: number): boolean {
  for (let i = 0; i < TECHNIQUES_KEY.length; i += 1)
    if (((bytes[at + i] as number) | TO_LOWER_CASE) !== ((TECHNIQUES_KEY[i] as number) | TO_LOWER_CASE))
      return false
  return true
}

/** Adds the values of the pairs named `mitreTechniques`, case-insensitive. */
function addTechniquesIn(techniques: Set<string>, event: EventFields): void {
  const { bytes } = event.memory
  const end = event.end(ADDITIONAL_INFO)
  for (let pair = firstPair(event.start(ADDITIONAL_INFO)); pair < end - 1; ) {
    const key = keyOf(pair)
    const value = valueAfter(textEnd(bytes, key))
    const after = valueEnd(bytes, value)
    if (isTechniquesKey(bytes, key)) addTechniques(techniques, parseAt(bytes, value, after))
    pair = pairAfter(after)
  }
}

/**
 * Sets the ATT&CK techniques of a detection and their origin: those in the record
 * (`mitreTechniqueId`, `mitreTechniques`; comma-separated), without duplicates; if there are none,
 * those of our catalogue for the type.
 */
export function setAttack(
  { properties, event, constants }: RecordParts,
  known: CatalogueEntry | undefined,
): void {
  const sent = new Set<string>()
  addTechniques(sent, properties.parsed('mitreTechniqueId', asText))
  addTechniquesIn(sent, event)
  if (sent.size > 0) {
    event.write(TECHNIQUES, [...sent])
    constants.set(event, ORIGIN, 'wire')
  } else if (known !== undefined && known.techniques.length > 0) {
    constants.set(event, TECHNIQUES, known.techniques)
    constants.set(event, ORIGIN, 'catalogue')
  }
}
