import { type Html, html } from '../../../shared/encoding/html.ts'
import { DAY_MS, ROUND_STEPS_MS } from '../round-steps.ts'
import type { Timeline } from '../stack-state.ts'
import { clock, day } from './words.ts'

const MAX_TICKS = 6

/**
 * A position on the axis in per cent: nothing is scaled, so marks and text keep their size on any
 * screen.
 */
export const place = (atMs: number, { fromMs, bucketMs, buckets }: Timeline): string =>
  `${(((atMs - fromMs) / (bucketMs * buckets)) * 100).toFixed(2)}%`

/** The middle of a bucket. */
export const middle = (bucket: number, timeline: Timeline): string =>
  place(timeline.fromMs + (bucket + 0.5) * timeline.bucketMs, timeline)

/** The start of a bucket, in words. */
export const bucketLabel = (bucket: number, { fromMs, bucketMs }: Timeline): string => {
  const at = fromMs + bucket * bucketMs
  return bucketMs >= DAY_MS ? day(at) : `${day(at)} ${clock(at)}`
}

function tickStep({ bucketMs, buckets }: Timeline): number {
  const length = bucketMs * buckets
  return ROUND_STEPS_MS.find((step) => length / step <= MAX_TICKS) ?? Math.ceil(length / MAX_TICKS)
}

/** Round times on the axis, at most seven. */
export function ticks(timeline: Timeline): readonly number[] {
  const step = tickStep(timeline)
  const first = Math.ceil(timeline.fromMs / step) * step
  const end = timeline.fromMs + timeline.bucketMs * timeline.buckets
  return Array.from({ length: Math.max(0, Math.ceil((end - first) / step)) }, (_, i) => first + i * step)
}

/** The labels of the axis. */
export function axis(timeline: Timeline): Html {
  const label = (at: number) => (tickStep(timeline) >= DAY_MS || at % DAY_MS === 0 ? day(at) : clock(at))
  return html`<div class="axis" aria-hidden="true"><svg width="100%" height="20">${ticks(timeline).map(
    (at) => html`<text x="${place(at, timeline)}" y="14" text-anchor="middle">${label(at)}</text>`,
  )}</svg></div>`
}
