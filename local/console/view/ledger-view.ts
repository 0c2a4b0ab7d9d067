import { type Html, html } from '../../../shared/encoding/html.ts'
import { shortText } from '../short-text.ts'
import type { SinkState, StackState } from '../stack-state.ts'
import { logView } from './log-view.ts'
import { count, sinkName } from './words.ts'

const cell = (label: string, n: number, tone = ''): Html =>
  html`<td data-label="${label}" class="number ${n === 0 ? 'zero' : tone}">${count(n)}</td>`

const latency = (s: SinkState): string =>
  s.latencyMs === undefined
    ? 'not measured'
    : `${count(Math.round(s.latencyMs.p50))} / ${count(Math.round(s.latencyMs.p99))}`

const STATES: Readonly<Record<SinkState['state'], string>> = {
  up: 'accepting deliveries',
  catchingUp: 'catching up',
  down: 'not accepting deliveries',
}

const row = (s: SinkState, events: number): Html => html`<tr>
<th scope="row"><span class="name">${sinkName(s.name)}</span><span class="sub ${s.state}">${shortText(s.problem ?? STATES[s.state])}</span></th>
${cell('Events', events)}${cell('Delivered', s.delivered)}${cell('Pending', s.pending, 'pending')}${cell('Dead letters', s.deadLettered, 'dead')}${cell('Duplicate', s.duplicate)}${cell('Filtered', s.filtered)}${cell('On the way', s.onTheWay, 'pending')}${cell('Missing', s.missing, 'dead')}${cell('Receiver holds', s.received)}${cell('Received twice', s.receivedTwice)}
<td data-label="Latency p50 / p99, ms" class="number">${latency(s)}</td>
</tr>`

const own = (sinks: readonly SinkState[]): Html | undefined =>
  sinks.some((s) => s.behaviour === undefined)
    ? html`<p class="more">The page cannot see what a receiver of your own holds: its figures are those of the delivery receipts.</p>`
    : undefined

/** The ledger: every record and every event has exactly one outcome. */
export function ledgerView(state: StackState): Html {
  const { records, events, faults, skipped, sinks } = state
  return html`<h2 id="ledger-heading">Every event has one outcome</h2>
<p class="lead equation"><b>${count(records)}</b> records <span class="sign">=</span> <b>${count(events)}</b> events <span class="sign">+</span> <b>${count(faults)}</b> faults <span class="sign">+</span> <b>${count(skipped)}</b> skipped. At each sink the events add up to delivered, pending, dead letters, duplicate, filtered, on the way and missing. Delivered counts what the receiver holds; received twice counts events whose id it already held.</p>
<table class="ledger"><thead><tr><th scope="col">Sink</th><th scope="col">Events</th><th scope="col">Delivered</th><th scope="col">Pending</th><th scope="col">Dead letters</th><th scope="col">Duplicate</th><th scope="col">Filtered</th><th scope="col">On the way</th><th scope="col">Missing</th><th scope="col">Receiver holds</th><th scope="col">Received twice</th><th scope="col">Latency p50 / p99, ms</th></tr></thead>
<tbody>${sinks.map((s) => row(s, events))}</tbody></table>${own(sinks)}
${logView(state)}`
}
