import type { CatalogueEntry } from '../domain/detections.ts'
import type { Json } from '../domain/json.ts'
import type { AdditionalInfo, Attack } from '../domain/risk-event.ts'

const TECHNIQUES_KEY = 'mitretechniques'

const isTechniques = (key: string): boolean =>
  key.length === TECHNIQUES_KEY.length && key.toLowerCase() === TECHNIQUES_KEY

function addTechniques(techniques: string[], value: Json | undefined): void {
  if (typeof value === 'string') {
    for (const part of value.split(',')) {
      const technique = part.trim()
      if (technique !== '' && !techniques.includes(technique)) techniques.push(technique)
    }
  } else if (Array.isArray(value)) {
    for (const inner of value as readonly Json[])
      if (typeof inner === 'string') addTechniques(techniques, inner)
  }
}

/**
 * ATT&CK techniques of a detection: those that Microsoft sent (`mitreTechniqueId` and `mitreTechniques`, each with commas), without repeats;
 * only where there are none, those that our catalogue has for the type.
 */
export function attackOf(
  techniqueId: string | undefined,
  info: readonly AdditionalInfo[],
  known: CatalogueEntry | undefined,
): Attack | undefined {
  const sent: string[] = []
  addTechniques(sent, techniqueId)
  for (const { key, value } of info) if (isTechniques(key)) addTechniques(sent, value)
  if (sent.length > 0) return { techniques: sent, origin: 'wire' }
  if (known === undefined || known.techniques.length === 0) return undefined
  return { techniques: known.techniques, origin: 'catalogue' }
}
