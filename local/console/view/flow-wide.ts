import { type Html, html } from '../../../shared/encoding/html.ts'
import type { SinkState, StackState } from '../stack-state.ts'
import { count, counted, deliveredUnit, sinkName } from './words.ts'

const WIDTH = 1040
const PITCH = 118
const HUB = 70
const RECORDS = 285
const ARCHIVE = 505
const SINK = 862

/** CSS class of a count; zero is dimmed. */
export const weight = (n: number, kind: 'pending' | 'dead' | 'fault' | 'skipped'): string =>
  n === 0 ? 'zero' : kind

/** Figure above, name and unit below. */
const station = (x: number, y: number, gap: number, name: string, n: number, unit: string): Html =>
  html`<text class="figure" x="${x}" y="${y - gap}" text-anchor="middle">${count(n)}</text><text class="station-name" x="${x}" y="${y + gap + 10}" text-anchor="middle">${name}</text><text class="station-sub" x="${x}" y="${y + gap + 28}" text-anchor="middle">${unit}</text>`

/** A short branch that ends at a buffer stop. */
const spur = (x: number, y: number, climb: number, label: string, tone: string): Html =>
  html`<g class="${tone}"><path class="siding" d="M${x} ${y}c18 0 18 ${-climb} 38 ${-climb}h22"/><path class="stop" d="M${x + 61} ${y - climb - 8}v16"/><text class="branch" x="${x + 71}" y="${y - climb + 5}">${label}</text></g>`

/** A branch that rejoins the line: what waits there is delivered later. */
const loop = (x: number, y: number, label: string, tone: string): Html =>
  html`<g class="${tone}"><path class="siding" d="M${x} ${y}c18 0 18 24 36 24h76c18 0 18 -24 36 -24"/><text class="branch" x="${x + 74}" y="${y + 42}" text-anchor="middle">${label}</text></g>`

const line = (d: string): Html => html`<path class="track" d="${d}"/><path class="pulse" d="${d}"/>`

function sinkBranch(s: SinkState, y: number, mid: number): Html {
  const down = s.state === 'down'
  return html`${spur(650, y, 26, counted(s.deadLettered, 'dead letter'), weight(s.deadLettered, 'dead'))}
${loop(650, y, `${count(s.pending)} pending`, weight(s.pending, 'pending'))}
${line(`M${ARCHIVE} ${mid}h56c52 0 34 ${y - mid} 86 ${y - mid}H${SINK}`)}
<circle class="station${down ? ' down' : ''}" cx="${SINK}" cy="${y}" r="10"/>
<text class="station-name" x="${SINK + 24}" y="${y - 12}">${sinkName(s.name)}</text>
<text class="figure" x="${SINK + 24}" y="${y + 15}">${count(s.delivered)}</text>
<text class="station-sub" x="${SINK + 24}" y="${y + 34}">${deliveredUnit(s.state)}</text>`
}

/** The flow of records for wide screens. */
export function flowWide(state: StackState, description: string): Html {
  const { sinks } = state
  const height = Math.max(2, sinks.length) * PITCH
  const mid = height / 2
  const first = mid - ((sinks.length - 1) * PITCH) / 2
  return html`<svg class="flow wide" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${description}">
${spur(RECORDS + 62, mid, 76, `${count(state.skipped)} skipped`, weight(state.skipped, 'skipped'))}
${sinks.map((s, i) => sinkBranch(s, first + i * PITCH, mid))}
${line(`M${HUB} ${mid}H${ARCHIVE}`)}
<circle class="station" cx="${HUB}" cy="${mid}" r="10"/>${station(HUB, mid, 26, 'Event Hub', state.messages, 'messages')}
<circle class="station" cx="${RECORDS}" cy="${mid}" r="10"/>${station(RECORDS, mid, 26, 'Records', state.records, counted(state.events, 'event'))}
<rect class="depot" x="${ARCHIVE - 17}" y="${mid - 17}" width="34" height="34" rx="5"/><rect class="depot-inner" x="${ARCHIVE - 9}" y="${mid - 9}" width="18" height="18" rx="2"/>
${station(ARCHIVE, mid, 32, 'Archive', state.archive.lines, `lines in ${counted(state.archive.blobs, 'blob')}`)}
<text class="branch ${weight(state.faults, 'fault')}" x="${ARCHIVE}" y="${mid + 81}" text-anchor="middle">${counted(state.faults, 'fault')} kept here</text>
</svg>`
}
