import type { Instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { type Html, html } from '../../encoding/html.ts'
import { checkpointName } from '../../evidence/log-layout.ts'
import type { PartitionCoverage } from '../../evidence/verify/coverage.ts'
import { weightOf, withConsequences } from '../../evidence/verify/finding.ts'
import type { Verification } from '../../evidence/verify/verify.ts'

/** Checkpoints that the picture shows at most; the newest ones. */
const MAX_BLOCKS = 60
/** Days that the picture shows at most; the newest ones. */
const MAX_DAYS = 800
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** `2026-03-01 09:20`, UTC. */
export const shortTime = (iso: string): string => iso.slice(0, 16).replace('T', ' ')

const timeAt = (at: number): string => shortTime(isoInstant(at as Instant))
const many = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`
const percent = (part: number): string => `${Math.round(part * 10_000) / 100}%`

type Tone = 'held' | 'open' | 'hole'

const legend = (...entries: readonly (readonly [Tone, string])[]): Html =>
  html`<p class="legend">${entries.map(([tone, text]) => html`<span><i class="${tone}"></i>${text}</span>`)}</p>`

const layer = (name: string, picture: Html, note: Html): Html =>
  html`<div class="layer"><b>${name}</b><div>${picture}</div><div class="note">${note}</div></div>`

/** Parts of a whole, side by side. */
const stack = (parts: readonly (readonly [tone: Tone, count: number, text: string])[]): Html =>
  html`<div class="stack">${parts
    .filter(([, count]) => count > 0)
    .map(
      ([tone, count, text]) => html`<i class="${tone}" style="flex:${count} 1 0" title="${text}"></i>`,
    )}</div>`

/** From the signed head down to the archive: each layer holds the next one fast. */
export function logPicture({ log, findings, looked }: Verification): Html {
  if (log === undefined) return html`<p>No log was found.</p>`
  const all = withConsequences(findings)
  const bad = new Set(all.filter((one) => weightOf(one) === 'integrity').map(({ subject }) => subject))
  const ends = log.checkpoints.toSorted((a, b) => a.size - b.size)
  const toneOf = ({ size, isSigned }: { readonly size: number; readonly isSigned: boolean }): Tone =>
    bad.has(checkpointName(size)) ? 'hole' : isSigned ? 'held' : 'open'
  const says: Readonly<Record<Tone, string>> = { held: 'signed', open: 'not signed', hole: 'bad' }
  const blocks = ends
    .slice(-MAX_BLOCKS)
    .map(
      (one) =>
        html`<i class="${toneOf(one)}" title="${many(one.size, 'leaf').replace('leafs', 'leaves')}, ${says[toneOf(one)]}"></i>`,
    )
  const count = (tone: Tone): number => ends.filter((one) => toneOf(one) === tone).length
  const kinds = new Map<string, number>()
  for (const leaf of log.leaves) {
    const type = leaf?.type ?? 'unknown'
    kinds.set(type, (kinds.get(type) ?? 0) + 1)
  }
  const sealed = (kinds.get('archive') ?? 0) + (kinds.get('unreadable') ?? 0)
  const { blobs, unchanged, missing } = looked
  const changed = Math.max(0, Math.min(blobs, sealed - missing) - unchanged)
  const unsealed = blobs - unchanged - changed
  const keys = log.keys.map(({ keyId }) => keyId).join(', ')
  const earlier = ends.length - blocks.length
  return html`<div class="picture" role="img" aria-label="The log: ${many(ends.length, 'checkpoint')}, ${log.size} leaves">
${layer('Head', html`<code>${log.root.toString('base64')}</code>`, html`${log.origin}, ${log.size} leaves, ${keys === '' ? 'not signed' : html`key <code>${keys}</code>`}`)}
${layer('Checkpoints', html`<div class="chain">${blocks}</div>`, html`${ends.length}: each holds all before it. ${count('held')} signed, ${count('open')} not signed, ${count('hole')} bad${earlier > 0 ? `; ${earlier} earlier ones are not drawn` : ''}. ${many(log.timestamps, 'time stamp')}, ${many(log.anchors, 'anchor')} compared`)}
${layer('Leaves', html`${[...kinds].map(([type, n]) => `${n} ${type}`).join(', ')}`, html`${many(log.tiles, 'tile')} compared with them`)}
${layer(
  'Archive',
  stack([
    ['held', unchanged, `${unchanged} as sealed`],
    ['hole', changed + missing, `${changed} changed, ${missing} missing`],
    ['open', unsealed, `${unsealed} not sealed`],
  ]),
  html`${many(unchanged, 'blob')} as sealed, ${changed} changed, ${missing} missing, ${unsealed} not sealed`,
)}
${legend(['held', 'signed, as sealed'], ['open', 'not signed, not sealed'], ['hole', 'bad, changed, missing'])}
</div>`
}

const numbers = ({ first, last }: { readonly first: number; readonly last: number }): string =>
  first === last ? `${first}` : `${first} to ${last}`

/** Partitions as timelines over enqueued time: what is there, holes, and what is not read yet. */
export function coveragePicture(partitions: readonly PartitionCoverage[]): Html {
  if (partitions.length === 0) return html`<p>No partition was seen.</p>`
  const times = partitions
    .flatMap(({ firstEnqueuedAt, lastEnqueuedAt, gaps }) => [
      firstEnqueuedAt,
      lastEnqueuedAt,
      ...gaps.flatMap(({ after, before }) => [after, before]),
    ])
    .filter((one) => one !== '')
    .map((one) => Date.parse(one))
  const start = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const end = times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const at = (iso: string, otherwise: number): number =>
    iso === '' ? otherwise : end === start ? otherwise : (Date.parse(iso) - start) / (end - start)
  const bar = (tone: Tone, from: number, to: number, text: string): Html =>
    html`<i class="${tone}" style="left:min(${percent(from)}, 100% - 4px);width:${percent(to - from)}" title="${text}"></i>`
  const lane = (one: PartitionCoverage): Html => {
    const { partition, namespace, hub, incarnation, first, last, missing, gaps, pending } = one
    const from = at(one.firstEnqueuedAt, 0)
    const to = at(one.lastEnqueuedAt, 1)
    const inGaps = gaps.reduce((sum, gap) => sum + gap.last - gap.first + 1, 0)
    const bars =
      first < 0
        ? bar('hole', 0, 1, 'nothing of it is in the archive')
        : html`${bar('held', from, to, `${numbers(one)} archived`)}${gaps.map((gap) => bar('hole', at(gap.after, 0), at(gap.before, 1), `${numbers(gap)} missing`))}${missing > inGaps ? bar('hole', to, 1, `${missing - inGaps} behind ${last} missing`) : undefined}${pending > 0 ? bar('open', missing > inGaps ? 1 : to, missing > inGaps ? 1 : to, `${pending} pending`) : undefined}`
    const said = missing > 0 ? `${missing} missing` : pending > 0 ? `${pending} pending` : 'no gap'
    const made = incarnation === '' ? '' : `, hub created ${shortTime(incarnation)}`
    return html`<div class="lane"><div class="name" title="${namespace}/${hub}${made}">Partition ${partition}<small>${first < 0 ? 'nothing' : numbers({ first, last })}</small></div><div class="track">${bars}</div><div class="said ${missing > 0 ? 'bad' : ''}">${said}</div></div>
`
  }
  const tickText = (tick: number, at: number): string => {
    if (end - start > 4 * DAY_MS) return timeAt(tick).slice(0, 10)
    if (end - start > HOUR_MS) return timeAt(tick)
    return isoInstant(tick as Instant)
      .slice(at === 0 ? 0 : 11, 19)
      .replace('T', ' ')
  }
  const ticks =
    times.length === 0 || end === start ? [] : [0, 1, 2, 3, 4].map((n) => start + ((end - start) * n) / 4)
  const hubs = new Set(partitions.map(({ namespace, hub }) => `${namespace}/${hub}`))
  return html`<p>Sequence numbers of ${[...hubs].join(', ')}, by the time at which the hub took them.</p>
<div class="picture" role="img" aria-label="Coverage by partition">
${partitions.map(lane)}
<div class="lane below"><div></div><div class="axis">${ticks.length === 0 ? html`<span>${times.length === 0 ? '' : timeAt(start)}</span>` : ticks.map((tick, at) => html`<span>${tickText(tick, at)}</span>`)}</div><div></div></div>
${legend(['held', 'archived'], ['hole', 'gap'], ['open', 'not read yet'])}
</div>`
}

/** Records by day; days without any are holes in the row. */
export function daysPicture({ days }: Verification): Html {
  const counts = new Map(days.map((one) => [one.day, one]))
  const [first] = days
  const last = days.at(-1)
  if (first === undefined || last === undefined) return html`<p>No record was read.</p>`
  const end = Date.parse(last.day)
  const start = Math.max(Date.parse(first.day), end - (MAX_DAYS - 1) * DAY_MS)
  const most = days.reduce((max, { records }) => Math.max(max, records), 1)
  const columns: Html[] = []
  for (let at = start; at <= end; at += DAY_MS) {
    const day = isoInstant(at as Instant).slice(0, 10)
    const { records, blobs } = counts.get(day) ?? { records: 0, blobs: 0 }
    const height = records === 0 ? '0' : `max(2px, ${percent(records / most)})`
    columns.push(
      html`<i class="${records === 0 ? 'none' : 'held'}" style="height:${height}" title="${day}: ${many(records, 'record')} in ${many(blobs, 'blob')}"></i>`,
    )
  }
  const total = days.reduce((sum, { records }) => sum + records, 0)
  return html`<p>${many(total, 'record')} on ${many(days.length, 'day')}; at most ${most} on one.</p>
<div class="picture" role="img" aria-label="Records by day"><div class="days">${columns}</div>
<div class="axis"><span>${isoInstant(start as Instant).slice(0, 10)}</span><span></span><span>${start === end ? '' : last.day}</span></div></div>`
}
