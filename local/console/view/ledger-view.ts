import type { SinkState, StackState } from '../stack-state.ts'
import { type Html, html } from './html.ts'
import { inFlight } from './sink-figures.ts'
import { count, sinkName } from './words.ts'

const cell = (label: string, n: number, tone = ''): Html =>
  html`<td data-label="${label}" class="number ${n === 0 ? 'zero' : tone}">${count(n)}</td>`

const latency = (s: SinkState): string =>
  s.latencyMs === undefined
    ? 'not measured'
    : `${count(Math.round(s.latencyMs.p50))} / ${count(Math.round(s.latencyMs.p99))} ms`

const row = (s: SinkState, events: number): Html => html`<tr>
<th scope="row"><span class="name">${sinkName(s.name)}</span><span class="sub ${s.state}">${s.state === 'up' ? 'takes deliveries' : 'takes none'}</span></th>
${cell('Events', events)}${cell('Delivered', s.delivered)}${cell('Pending', s.pending, 'pending')}${cell('Dead letters', s.deadLettered, 'dead')}${cell('Duplicate', s.duplicate)}${cell('Filtered', s.filtered)}${cell('On the way', inFlight(events, s), 'pending')}${cell('Receiver holds', s.received)}
<td data-label="Latency p50 / p99" class="number">${latency(s)}</td>
</tr>`

/** The books: every record and every event has exactly one end. */
export function ledgerView(state: StackState): Html {
  const { records, events, faults, skipped, sinks } = state
  return html`<h2 id="ledger-heading">Every event has one end</h2>
<p class="lead equation"><b>${count(records)}</b> records <span class="sign">=</span> <b>${count(events)}</b> events <span class="sign">+</span> <b>${count(faults)}</b> faults <span class="sign">+</span> <b>${count(skipped)}</b> skipped. At each sink the events add up to what follows; the receivers count for themselves.</p>
<table class="ledger"><thead><tr><th scope="col">Sink</th><th scope="col">Events</th><th scope="col">Delivered</th><th scope="col">Pending</th><th scope="col">Dead letters</th><th scope="col">Duplicate</th><th scope="col">Filtered</th><th scope="col">On the way</th><th scope="col">Receiver holds</th><th scope="col">Latency p50 / p99</th></tr></thead>
<tbody>${sinks.map((s) => row(s, events))}</tbody></table>`
}
