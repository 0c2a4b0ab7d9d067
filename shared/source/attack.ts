import type { CatalogueEntry } from '../domain/detections.ts'
import type { AdditionalInfo, Attack } from '../domain/risk-event.ts'
import type { Json } from '../encoding/json.ts'

const TECHNIQUES_KEY = 'mitretechniques'

const isTechniques = (key: string): boolean =>
  key.length === TECHNIQUES_KEY.length && key.toLowerCase() === TECHNIQUES_KEY

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

/**
 * ATT&CK techniques of a detection: those that Microsoft sent (`mitreTechniqueId` and
 * `mitreTechniques`, each with commas), without repeats; only where there are none, those that our
 * catalogue has for the type.
 */
export function attackOf(
  techniqueId: string | undefined,
  info: readonly AdditionalInfo[],
  known: CatalogueEntry | undefined,
): Attack | undefined {
  const sent = new Set<string>()
  addTechniques(sent, techniqueId)
  for (const { key, value } of info) if (isTechniques(key)) addTechniques(sent, value)
  if (sent.size > 0) return { techniques: [...sent], origin: 'wire' }
  if (known === undefined || known.techniques.length === 0) return undefined
  return { techniques: known.techniques, origin: 'catalogue' }
}
