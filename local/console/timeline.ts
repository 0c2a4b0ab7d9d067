import type { KnownDetection } from './known-detections.ts'
import { riskLevel, riskRank } from './risk-level.ts'
import { ROUND_STEPS_MS } from './round-steps.ts'
import type { DetectionPoint, DetectionSeries, Timeline } from './stack-state.ts'

const MAX_BUCKETS = 24

/**
 * An axis for all times, with at most 24 buckets at round times (UTC); `undefined` without times.
 */
export function timelineOf(timesMs: readonly number[]): Timeline | undefined {
  const [first] = timesMs
  if (first === undefined) return undefined
  const earliest = timesMs.reduce((a, b) => Math.min(a, b), first)
  const latest = timesMs.reduce((a, b) => Math.max(a, b), first)
  const fits = (step: number) => Math.floor(latest / step) - Math.floor(earliest / step) < MAX_BUCKETS
  const bucketMs = ROUND_STEPS_MS.find(fits) ?? Math.ceil((latest - earliest + 1) / (MAX_BUCKETS - 1))
  const fromMs = Math.floor(earliest / bucketMs) * bucketMs
  return { fromMs, bucketMs, buckets: Math.floor((latest - fromMs) / bucketMs) + 1 }
}

/** Detections by type on an axis, the most frequent type first, then the earliest. */
export function seriesOf(
  detections: readonly KnownDetection[],
  timeline: Timeline,
): readonly DetectionSeries[] {
  const byType = new Map<string, KnownDetection[]>()
  for (const d of detections) {
    const same = byType.get(d.type)
    if (same === undefined) byType.set(d.type, [d])
    else same.push(d)
  }
  return [...byType]
    .map(([type, same]) => series(type, same, timeline))
    .sort((a, b) => b.count - a.count || firstBucket(a) - firstBucket(b) || (a.type < b.type ? -1 : 1))
}

const firstBucket = (s: DetectionSeries): number => s.points[0]?.bucket ?? 0

function series(type: string, same: readonly KnownDetection[], timeline: Timeline): DetectionSeries {
  const points = new Map<string, DetectionPoint>()
  for (const d of same) {
    const bucket = Math.floor((d.atMs - timeline.fromMs) / timeline.bucketMs)
    const level = riskLevel(d.level)
    const key = `${bucket} ${level}`
    points.set(key, { bucket, level, count: (points.get(key)?.count ?? 0) + 1 })
  }
  return {
    type,
    name: same[0]?.name ?? type,
    documented: same[0]?.documented ?? false,
    count: same.length,
    points: [...points.values()].sort((a, b) => a.bucket - b.bucket || riskRank(a.level) - riskRank(b.level)),
  }
}
