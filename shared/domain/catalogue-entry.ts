import type { DetectionNote } from './risk-event.ts'

/** Languages in which detections have names. */
export const DETECTION_LANGUAGES = ['en', 'ja', 'zh-Hans'] as const
export type DetectionLanguage = (typeof DETECTION_LANGUAGES)[number]

/** One documented workload-identity detection type. */
export interface CatalogueEntry {
  readonly riskEventType: string
  /** Official names; English if Microsoft published none in a language. */
  readonly names: Readonly<Record<DetectionLanguage, string>>
  readonly description: string
  readonly severity: DetectionNote['severity']
  /** ATT&CK techniques used if Microsoft sends none; `docs/detections.md` explains each. */
  readonly techniques: readonly [string, ...string[]]
  readonly links: readonly string[]
}
