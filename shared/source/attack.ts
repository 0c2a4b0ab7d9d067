import type { CatalogueEntry } from '../domain/detections.ts'
import { type EventFields, slotOf } from '../domain/event-fields.ts'
import { keyOf, valueAfter } from '../domain/pair-json.ts'
import type { Attack } from '../domain/risk-event.ts'
import type { Json } from '../encoding/json.ts'
import { elementsOf, parseAt, textEnd, valueEnd } from '../encoding/written-json.ts'
import type { RecordParts } from './record-parts.ts'
import { asText } from './scalars.ts'

const TECHNIQUES_KEY = Buffer.from('"mitretechniques"')
const TO_LOWER_CASE = 0x20

const ADDITIONAL_INFO = slotOf('additionalInfo')
const TECHNIQUES = slotOf('attack.techniques')
const ORIGIN = slotOf('attack.origin')

/** Far more than ATT&CK would tell of one detection; what lies beyond stays in the record. */
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

/** The values of the pairs that are called `mitreTechniques`, however it is cased. */
function techniquesIn(event: EventFields): Json[] {
  const { bytes } = event.memory
  const keys = elementsOf(bytes, event.start(ADDITIONAL_INFO), event.end(ADDITIONAL_INFO)).map(keyOf)
  return keys
    .filter((key) => isTechniquesKey(bytes, key))
    .map((key) => {
      const value = valueAfter(textEnd(bytes, key))
      return parseAt(bytes, value, valueEnd(bytes, value))
    })
}

/**
 * ATT&CK techniques of a detection: those that Microsoft sent (`mitreTechniqueId` and
 * `mitreTechniques`, each with commas), without repeats; only where there are none, those that our
 * catalogue has for the type.
 */
function attackOf(
  sentValues: readonly (Json | undefined)[],
  known: CatalogueEntry | undefined,
): Attack | undefined {
  const sent = new Set<string>()
  for (const value of sentValues) addTechniques(sent, value)
  if (sent.size > 0) return { techniques: [...sent], origin: 'wire' }
  if (known === undefined || known.techniques.length === 0) return undefined
  return { techniques: known.techniques, origin: 'catalogue' }
}

/** Sets the techniques of a detection, and who named them. */
export function setAttack(
  { properties, event, constants }: RecordParts,
  known: CatalogueEntry | undefined,
): void {
  const sent: (Json | undefined)[] = techniquesIn(event)
  if (properties.has('mitreTechniqueId')) sent.unshift(properties.parsed('mitreTechniqueId', asText))
  const attack = attackOf(sent, known)
  if (attack === undefined) return
  constants.set(event, TECHNIQUES, JSON.stringify(attack.techniques))
  constants.set(event, ORIGIN, `"${attack.origin}"`)
}
