import { type Html, html } from '../../../shared/encoding/html.ts'
import type { StackState } from '../stack-state.ts'
import { weight } from './flow-wide.ts'
import { count, counted, deliveredUnit, sinkName } from './words.ts'

const WIDTH = 384
const PITCH = 96
const LEFT = 26
/** Of all the lines side by side; the rest is for text. */
const LINES_WIDTH = 112
const MAX_COLUMN = 22

interface Stop {
  readonly name: string
  readonly figure: number
  readonly unit: string
  readonly notes: readonly { readonly text: string; readonly tone: string }[]
}

function label(x: number, y: number, { name, figure, unit, notes }: Stop): Html {
  return html`<text class="station-name" x="${x}" y="${y - 15}">${name}</text>
<text x="${x}" y="${y + 11}"><tspan class="figure">${count(figure)}</tspan><tspan class="station-sub" dx="6">${unit}</tspan></text>
<text x="${x}" y="${y + 31}">${notes.map((n, i) => html`<tspan class="branch ${n.tone}" dx="${i === 0 ? 0 : 12}">${n.text}</tspan>`)}</text>`
}

/** The flow of records for narrow screens: top down. */
export function flowTall(state: StackState, description: string): Html {
  const { sinks, skipped, faults, archive } = state
  const pipelines = Math.max(1, sinks.length)
  const column = Math.min(MAX_COLUMN, LINES_WIDTH / pipelines)
  const text = LEFT + pipelines * column + 8
  const y = (i: number) => 34 + i * PITCH
  const pipeline = (i: number) => LEFT + (pipelines - 1 - i) * column
  const path = (i: number) => {
    const dx = pipeline(i) - LEFT
    return dx === 0
      ? `M${LEFT} ${y(2)}V${y(3 + i)}`
      : `M${LEFT} ${y(2)}v14c0 24 ${dx} 12 ${dx} 36V${y(3 + i)}`
  }
  const stops: readonly Stop[] = [
    { name: 'Event Hub', figure: state.messages, unit: 'messages', notes: [] },
    {
      name: 'Records',
      figure: state.records,
      unit: 'split and normalised',
      notes: [{ text: `${count(skipped)} skipped`, tone: weight(skipped, 'skipped') }],
    },
    {
      name: 'Archive',
      figure: archive.lines,
      unit: `lines in ${counted(archive.blobs, 'blob')}`,
      notes: [{ text: `${counted(faults, 'fault')} kept here`, tone: weight(faults, 'fault') }],
    },
    ...sinks.map((s) => ({
      name: sinkName(s.name),
      figure: s.delivered,
      unit: deliveredUnit(s.state),
      notes: [
        { text: `${count(s.pending)} pending`, tone: weight(s.pending, 'pending') },
        { text: counted(s.deadLettered, 'dead letter'), tone: weight(s.deadLettered, 'dead') },
      ],
    })),
  ]
  return html`<svg class="flow tall" viewBox="0 0 ${WIDTH} ${y(2 + sinks.length) + 46}" role="img" aria-label="${description}">
<path class="track" d="M${LEFT} ${y(0)}V${y(2)}"/><path class="pulse" d="M${LEFT} ${y(0)}V${y(2)}"/>
${sinks.map((_, i) => html`<path class="track" d="${path(i)}"/><path class="pulse" d="${path(i)}"/>`)}
<circle class="station" cx="${LEFT}" cy="${y(0)}" r="8"/><circle class="station" cx="${LEFT}" cy="${y(1)}" r="8"/>
<rect class="depot" x="${LEFT - 14}" y="${y(2) - 14}" width="28" height="28" rx="4"/><rect class="depot-inner" x="${LEFT - 7}" y="${y(2) - 7}" width="14" height="14" rx="2"/>
${sinks.map((s, i) => html`<circle class="station${s.state === 'down' ? ' down' : ''}" cx="${pipeline(i)}" cy="${y(3 + i)}" r="8"/>`)}
${stops.map((stop, i) => label(text, y(i), stop))}
</svg>`
}
