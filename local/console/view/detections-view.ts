import { type Html, html } from '../../../shared/encoding/html.ts'
import { type RiskLevel, riskLevel } from '../risk-level.ts'
import type { DetectionPoint, DetectionSeries, StackState, Timeline } from '../stack-state.ts'
import { axis, bucketLabel, middle, place, ticks } from './time-axis.ts'
import { count, counted } from './words.ts'

const ROW_HEIGHT = 40
const ROW_MIDDLE = ROW_HEIGHT / 2

const LEGEND: readonly RiskLevel[] = ['high', 'medium', 'low', 'none', 'hidden', 'other']

const word = (level: string): string => (riskLevel(level) === 'other' ? 'of unknown level' : level)

const inWords = (p: DetectionPoint, timeline: Timeline): string =>
  `${bucketLabel(p.bucket, timeline)}: ${count(p.count)} ${word(p.level)}`

/** From two detections on, the mark is larger and shows the number. */
const number = ({ count: n, level }: DetectionPoint): Html | undefined =>
  n === 1
    ? undefined
    : html`<text class="on-${level}" y="${level === 'medium' ? 6 : 3.5}" text-anchor="middle">${n > 99 ? '99+' : count(n)}</text>`

function point(p: DetectionPoint, y: number, timeline: Timeline): Html {
  const size = p.count === 1 ? 14 : 22
  return html`<svg x="${middle(p.bucket, timeline)}" y="${y}" overflow="visible" class="level-${p.level}"><title>${inWords(p, timeline)}</title><use href="#mark-${p.level}" x="${-size / 2}" y="${-size / 2}" width="${size}" height="${size}"/>${number(p)}</svg>`
}

/** Stacks marks of the same bucket vertically. */
const points = (all: readonly DetectionPoint[], timeline: Timeline): readonly Html[] =>
  all.map((p) => {
    const same = all.filter((other) => other.bucket === p.bucket)
    const offset = same.indexOf(p) - (same.length - 1) / 2
    return point(p, ROW_MIDDLE + offset * Math.min(14, 36 / same.length), timeline)
  })

const grid = (timeline: Timeline): readonly Html[] =>
  ticks(timeline).map(
    (at) =>
      html`<line class="grid" x1="${place(at, timeline)}" x2="${place(at, timeline)}" y1="0" y2="${ROW_HEIGHT}"/>`,
  )

const name = (s: DetectionSeries): Html =>
  s.documented ? html`<span class="name">${s.name}</span>` : html`<code>${s.name}</code>`

const row = (s: DetectionSeries, timeline: Timeline): Html => html`<li>
<div class="label">${name(s)}</div>
<svg width="100%" height="${ROW_HEIGHT}" role="img" aria-label="${s.points.map((p) => inWords(p, timeline)).join('; ')}">${grid(timeline)}<line class="base" x1="0" x2="100%" y1="${ROW_MIDDLE}" y2="${ROW_MIDDLE}"/>${points(s.points, timeline)}</svg>
<div class="total">${count(s.count)}</div>
</li>`

const legend = (): Html =>
  html`<ul class="legend" aria-label="Risk levels">${LEGEND.map(
    (level) =>
      html`<li class="level-${level}"><svg class="mark" width="12" height="12" aria-hidden="true"><use href="#mark-${level}"/></svg>${level === 'other' ? 'unknown' : level}</li>`,
  )}</ul>`

/** Detections over time: a row per type, a mark per bucket and level. */
export function detectionsView({ timeline, detections, detectionsTotal }: StackState): Html {
  const chart = (
    axisOf: Timeline,
  ) => html`<p class="lead">${counted(detectionsTotal, 'detection')}, each counted once, at its detection time (UTC) and its highest level. Types in <code>monospace</code> are not in our catalogue.</p>
${legend()}
<ol class="series">${detections.map((s) => row(s, axisOf))}</ol>
${axis(axisOf)}`
  return html`<h2 id="detections-heading">Detections by type</h2>
${timeline === undefined ? html`<p class="lead">No detections yet.</p>` : chart(timeline)}`
}
