import type { CatalogueEntry } from '../domain/catalogue-entry.ts'
import { type EventFields, slotOf } from '../domain/event-fields.ts'
import { firstPair, keyOf, pairAfter, valueAfter } from '../domain/pair-json.ts'
import { isAtInAnyCase } from '../encoding/bytes-at.ts'
import { BytesMemo } from '../encoding/bytes-memo.ts'
import type { Json } from '../encoding/json.ts'
import { parseJson, textEnd, valueEnd } from '../encoding/written-json.ts'
import type { RecordParts } from './record-parts.ts'
import { asText } from './scalars.ts'

const TECHNIQUES_KEY = Buffer.from('"mitretechniques"')

const ADDITIONAL_INFO = slotOf('additionalInfo')
const TECHNIQUES = slotOf('attack.techniques')
const ORIGIN = slotOf('attack.origin')

/** Far more than one detection has; the rest stays in the archived record. */
const MAX_TECHNIQUES = 64

const NONE: readonly string[] = []

const techniquesIn = (text: string): readonly string[] =>
  text
    .split(',', MAX_TECHNIQUES)
    .map((part) => part.trim())
    .filter((technique) => technique !== '')

/** Detections that follow one another often have the same. */
const techniques = new BytesMemo((json) => {
  const value = parseJson(json)
  const texts = Array.isArray(value) ? (value as readonly Json[]) : [value]
  return texts.flatMap((text) => (typeof text === 'string' ? techniquesIn(text) : []))
})

const united = (some: readonly string[], others: readonly string[]): readonly string[] =>
  some.length === 0 ? others : [...some, ...others]

/** The values of the pairs named `mitreTechniques`, case-insensitive. */
function techniquesOfPairs(event: EventFields): readonly string[] {
  const { bytes } = event.memory
  let found = NONE
  const end = event.end(ADDITIONAL_INFO)
  for (let pair = firstPair(event.start(ADDITIONAL_INFO)); pair < end - 1; ) {
    const key = keyOf(pair)
    const value = valueAfter(textEnd(bytes, key))
    const after = valueEnd(bytes, value)
    if (isAtInAnyCase(bytes, key, TECHNIQUES_KEY)) found = united(found, techniques.of(bytes, value, after))
    pair = pairAfter(after)
  }
  return found
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
  const own = properties.parsed('mitreTechniqueId', asText)
  const sent = united(own === undefined ? NONE : techniquesIn(own), techniquesOfPairs(event))
  if (sent.length > 0) {
    event.write(TECHNIQUES, sent.length === 1 ? sent : [...new Set(sent)].slice(0, MAX_TECHNIQUES))
    constants.set(event, ORIGIN, 'wire')
  } else if (known !== undefined) {
    constants.set(event, TECHNIQUES, known.techniques)
    constants.set(event, ORIGIN, 'catalogue')
  }
}
