import type { RiskDetection } from '../../shared/domain/risk-event.ts'
import { BoundedMap } from './bounded-map.ts'
import { type RiskLevel, riskLevel, riskRank } from './risk-level.ts'
import { shortText } from './short-text.ts'

const MAX_DETECTIONS = 10_000

/** One detection, over all its updates. */
export interface KnownDetection {
  readonly type: string
  readonly name: string
  readonly documented: boolean
  /** The earliest time stated, since updates may omit it. */
  readonly atMs: number
  /** The highest level stated, since an update may lower it once the risk is handled. */
  readonly level: RiskLevel
}

/** Each detection once: it is sent again when enriched, dismissed or delivered twice. */
export class KnownDetections {
  readonly #byId = new BoundedMap<string, KnownDetection>(MAX_DETECTIONS)

  add(event: RiskDetection): void {
    const known = this.#byId.get(shortText(event.detectionId))
    const atMs = event.detectedAt ?? event.activityAt ?? event.lastUpdatedAt
    const level = riskLevel(event.risk.level)
    const type = shortText(event.risk.eventType ?? 'not stated')
    this.#byId.set(shortText(event.detectionId), {
      type,
      name: event.detection?.name ?? type,
      documented: event.detection !== undefined,
      atMs: Math.min(atMs, known?.atMs ?? atMs),
      level: known !== undefined && riskRank(known.level) <= riskRank(level) ? known.level : level,
    })
  }

  all(): readonly KnownDetection[] {
    return this.#byId.values()
  }
}
