import { archiveBlob } from '../../archive/archive-blob.ts'
import type { Instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { type Html, html } from '../../encoding/html.ts'
import { checkpointName } from '../../evidence/log-layout.ts'
import type { PartitionCoverage } from '../../evidence/verify/coverage.ts'
import { FINDING_CLASSES, type Finding, type FindingName, weightOf } from '../../evidence/verify/finding.ts'
import { VERDICTS } from '../../evidence/verify/verdict.ts'
import type { Verification } from '../../evidence/verify/verify.ts'
import { pageOf } from './page.ts'
import { PAGE_STYLE } from './report-style.ts'

const WIDTH = 1000
const BAR = 18
/** Checkpoints that the picture shows at most; the newest ones. */
const MAX_BLOCKS = 60
/** Findings of one class that the page lists. */
const MAX_LISTED = 50

const STYLE = html`${PAGE_STYLE}
h2 { margin: 1.75rem 0 0.5rem; font-size: 1.1rem; font-weight: 600; }
.verdict { margin: 0 0 1rem; padding: 0.9rem 1.1rem; border-radius: 6px; font-size: 1.2rem; font-weight: 600; color: var(--ink); border: 1px solid var(--rule); border-left: 8px solid var(--low); background: var(--raised); }
.verdict.integrity, .verdict.unknown { border-left-color: var(--high); }
.verdict.incomplete { border-left-color: var(--medium); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
svg { display: block; width: 100%; height: auto; background: var(--raised); border: 1px solid var(--rule); border-radius: 6px; }
svg text { font: 12px "Segoe UI", system-ui, sans-serif; fill: var(--soft); }
.held { fill: var(--low); } .hole { fill: var(--high); } .free { fill: var(--rule); } .open { fill: var(--medium); }
.finding { margin: 0 0 1rem; padding: 0.7rem 1rem; border: 1px solid var(--rule); border-left: 5px solid var(--soft); border-radius: 6px; background: var(--raised); break-inside: avoid; }
.finding.integrity, .finding.unknown { border-left-color: var(--high); }
.finding.incomplete { border-left-color: var(--medium); }
.finding h3 { margin: 0 0 0.25rem; font-size: 1rem; }
.finding ul { margin: 0.4rem 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
.finding p { color: var(--ink); } .finding .remedy { color: var(--soft); margin: 0; }
.legend span { white-space: nowrap; margin-right: 1rem; }
.legend i { display: inline-block; width: 0.8rem; height: 0.8rem; margin-right: 0.3rem; border-radius: 2px; vertical-align: -1px; }
.legend .held { background: var(--low); } .legend .hole { background: var(--high); } .legend .open { background: var(--medium); }
@media print { body { padding: 0; background: #fff; } }
`

const shortTime = (iso: string): string => iso.slice(0, 16).replace('T', ' ')

/** The checkpoints as a chain: each contains all before it. */
function logPicture({ log, findings }: Verification): Html {
  if (log === undefined) return html`<p>No log was found.</p>`
  const bad = new Set(findings.filter((one) => weightOf(one) === 'integrity').map(({ subject }) => subject))
  const ends = log.checkpoints.toSorted((a, b) => a.size - b.size)
  const shown = ends.slice(-MAX_BLOCKS)
  const step = WIDTH / Math.max(shown.length, 1)
  const block = ({ size, isSigned }: { size: number; isSigned: boolean }, at: number): Html => {
    const isBad = bad.has(checkpointName(size))
    const kind = isBad ? 'hole' : isSigned ? 'held' : 'open'
    return html`<rect class="${kind}" x="${Math.round(at * step)}" y="14" width="${Math.max(3, Math.round(step) - 4)}" height="26" rx="3"><title>${size} leaves, ${isBad ? 'bad' : isSigned ? 'signed' : 'not signed'}</title></rect>`
  }
  const earlier = ends.length - shown.length
  return html`<svg viewBox="0 0 ${WIDTH} 66" role="img" aria-label="Checkpoints of the log">
<line x1="0" y1="27" x2="${WIDTH}" y2="27" stroke="currentColor" stroke-width="1"/>
${shown.map(block)}
<text x="2" y="58">${earlier > 0 ? `${earlier} earlier; ` : ''}${shown[0]?.size ?? 0} leaves</text>
<text x="${WIDTH - 2}" y="58" text-anchor="end">${log.size} leaves</text>
</svg>
<p class="legend"><span><i class="held"></i>signed checkpoint</span><span><i class="open"></i>not signed</span><span><i class="hole"></i>bad</span></p>`
}

/** Partitions as bars over sequence numbers: what is there, holes, and what is not read yet. */
function coverageBars(partitions: readonly PartitionCoverage[]): Html {
  if (partitions.length === 0) return html`<p>No partition was seen.</p>`
  const times = partitions
    .flatMap((one) => [one.firstEnqueuedAt, one.lastEnqueuedAt])
    .filter((one) => one !== '')
  const start = Math.min(...times.map((one) => Date.parse(one)))
  const end = Math.max(...times.map((one) => Date.parse(one)), start + 1)
  const x = (iso: string): number =>
    150 + Math.round(((Date.parse(iso) - start) / (end - start)) * (WIDTH - 250))
  const row = (one: PartitionCoverage, at: number): Html => {
    const y = 8 + at * (BAR + 10)
    const name = html`<text x="4" y="${y + 13}">p=${one.partition}${one.incarnation === '' ? '' : html`<title>${one.namespace}/${one.hub}, created ${one.incarnation}</title>`}</text>`
    if (one.firstEnqueuedAt === '')
      return html`${name}<rect class="hole" x="150" y="${y}" width="${WIDTH - 250}" height="${BAR}"/><text x="${WIDTH - 94}" y="${y + 13}">nothing</text>`
    const left = x(one.firstEnqueuedAt)
    const held = html`<rect class="held" x="${left}" y="${y}" width="${Math.max(3, x(one.lastEnqueuedAt) - left)}" height="${BAR}"/>`
    const holes = one.gaps.map(
      (gap) =>
        html`<rect class="hole" x="${x(gap.after)}" y="${y}" width="${Math.max(4, x(gap.before) - x(gap.after))}" height="${BAR}"><title>${gap.first} to ${gap.last} missing</title></rect>`,
    )
    const tail =
      one.pending === 0
        ? undefined
        : html`<rect class="open" x="${x(one.lastEnqueuedAt)}" y="${y}" width="6" height="${BAR}"><title>${one.pending} pending</title></rect>`
    return html`${name}${held}${holes}${tail}<text x="${WIDTH - 94}" y="${y + 13}">${one.missing === 0 ? 'no gap' : `${one.missing} missing`}</text>`
  }
  const height = 34 + partitions.length * (BAR + 10)
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Coverage per partition">
${partitions.map(row)}
<text x="150" y="${height - 8}">${times.length === 0 ? '' : shortTime(isoInstant(start as Instant))}</text>
<text x="${WIDTH - 100}" y="${height - 8}" text-anchor="end">${times.length === 0 ? '' : shortTime(isoInstant(end as Instant))}</text>
</svg>
<p class="legend"><span><i class="held"></i>archived</span><span><i class="hole"></i>gap</span><span><i class="open"></i>not read yet</span></p>`
}

function dayBars({ days }: Verification): Html {
  if (days.length === 0) return html`<p>No record was read.</p>`
  const most = Math.max(...days.map(({ records }) => records), 1)
  const step = (WIDTH - 20) / Math.max(days.length, 10)
  const bar = ({ day, records, blobs }: Verification['days'][number], at: number): Html => {
    const height = Math.max(2, Math.round((records / most) * 90))
    return html`<rect class="held" x="${Math.round(10 + at * step)}" y="${104 - height}" width="${Math.max(1, Math.round(step * 0.8))}" height="${height}"><title>${day}: ${records} records in ${blobs} blobs</title></rect>`
  }
  return html`<svg viewBox="0 0 ${WIDTH} 128" role="img" aria-label="Records per day">
${days.map(bar)}
<text x="10" y="121">${days[0]?.day ?? ''}: ${days[0]?.records ?? 0}</text>
<text x="${WIDTH - 10}" y="121" text-anchor="end">${days.at(-1)?.day ?? ''}; most on one day: ${most}</text>
</svg>`
}

const subjectText = (subject: string): string => {
  const blob = archiveBlob(subject)
  return blob === undefined ? subject : `p=${blob.partition}, ${subject}`
}

function findingBox(name: FindingName, all: readonly Finding[]): Html {
  const { weight, meaning, remedy } = FINDING_CLASSES[name]
  const items = all
    .slice(0, MAX_LISTED)
    .map(({ subject, detail }) => html`<li>${subjectText(subject)}: ${detail}</li>`)
  const more = all.length - items.length
  return html`<section class="finding ${weight}"><h3>${name} (${all.length})</h3>
<p>${meaning}</p><ul>${items}${more > 0 ? html`<li>and ${more} more</li>` : undefined}</ul>
<p class="remedy">What to do: ${remedy}</p></section>
`
}

/**
 * A verification as one page that needs nothing else, the verdict first.
 * @param madeAt when it was made
 */
export function verificationHtml(of: Verification, madeAt: Instant): string {
  const { status, looked, log, findings, partitions } = of
  const classes = new Map<FindingName, Finding[]>()
  for (const finding of findings) classes.set(finding.class, [...(classes.get(finding.class) ?? []), finding])
  const missing = partitions.reduce((sum, one) => sum + one.missing, 0)
  return pageOf(
    'Verification of the archive',
    STYLE,
    html`<h1>Verification of the archive</h1>
<p>Made at ${shortTime(isoInstant(madeAt))} UTC. Times are UTC.</p>
<p class="verdict ${status}">${VERDICTS[status]}.</p>
<dl>
<dt>Archive</dt><dd>${looked.blobs} blobs, ${looked.bytes} bytes; ${looked.unchanged} as sealed, ${looked.missing} missing</dd>
<dt>Records</dt><dd>${looked.records}: ${looked.events} events, ${looked.faults} faults, ${looked.skipped} skipped</dd>
<dt>Sequence numbers missing</dt><dd>${missing}, in ${partitions.length} partitions</dd>
<dt>Log</dt><dd>${log === undefined ? 'none' : `${log.origin}, ${log.size} leaves`}</dd>
<dt>Root</dt><dd>${log?.root.toString('base64') ?? ''}</dd>
<dt>Keys</dt><dd>${log === undefined || log.keys.length === 0 ? 'none' : log.keys.map(({ keyId }) => keyId).join(', ')}</dd>
</dl>
<h2>The log</h2>
${logPicture(of)}
<h2>Coverage by partition</h2>
${coverageBars(partitions)}
<h2>Records by day</h2>
${dayBars(of)}
<h2>Findings</h2>
${classes.size === 0 ? html`<p>None.</p>` : [...classes].map(([name, all]) => findingBox(name, all))}`,
  )
}
