import { AGENT_DETECTIONS } from './agent-detections.ts'
import type { CatalogueEntry, DetectionLanguage } from './catalogue-entry.ts'
import type { DetectionNote } from './risk-event.ts'
import { SERVICE_PRINCIPAL_DETECTIONS } from './service-principal-detections.ts'

/** Every documented detection type for workload identities; types are unique. */
export const DETECTION_CATALOGUE: readonly CatalogueEntry[] = [
  ...SERVICE_PRINCIPAL_DETECTIONS,
  ...AGENT_DETECTIONS,
]

const byType: ReadonlyMap<string, CatalogueEntry> = new Map(
  DETECTION_CATALOGUE.map((entry) => [entry.riskEventType.toLowerCase(), entry]),
)

/** The catalogue entry of a detection type; `undefined` for other types (still exported). */
export const catalogueEntry = (riskEventType: string): CatalogueEntry | undefined =>
  byType.get(riskEventType.toLowerCase())

const noteOf = (entry: CatalogueEntry, language: DetectionLanguage): DetectionNote => ({
  name: entry.names[language],
  description: entry.description,
  severity: entry.severity,
  links: entry.links,
})

const notes: ReadonlyMap<CatalogueEntry, Readonly<Record<DetectionLanguage, DetectionNote>>> = new Map(
  DETECTION_CATALOGUE.map((entry) => [
    entry,
    { en: noteOf(entry, 'en'), ja: noteOf(entry, 'ja'), 'zh-Hans': noteOf(entry, 'zh-Hans') },
  ]),
)

/** The note for events of a catalogued type in one language; one shared object per type. */
export const detectionNote = (entry: CatalogueEntry, language: DetectionLanguage): DetectionNote =>
  notes.get(entry)?.[language] ?? noteOf(entry, language)
