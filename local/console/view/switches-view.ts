import { type Html, html } from '../../../shared/encoding/html.ts'
import { BEHAVIOURS, type Behaviour } from '../../stack/behaviours.ts'
import type { SinkState, StackState } from '../stack-state.ts'
import { sinkName } from './words.ts'

const MEANINGS: Readonly<Record<Behaviour, string>> = {
  healthy: 'accepts every delivery',
  slow: 'answers after 3 s, later than the delivery timeout',
  refusing: 'rejects every request, as for a wrong secret or a missing role',
  down: 'resets every connection',
}

const button = (sink: string, behaviour: Behaviour, current: Behaviour): Html =>
  html`<button type="button" class="switch" id="${`switch-${sink}-${behaviour}`}" data-sink="${sink}" data-behaviour="${behaviour}" aria-pressed="${String(behaviour === current)}" title="${MEANINGS[behaviour]}">${behaviour}</button>`

const row = ({ name, behaviour }: SinkState): Html =>
  html`<li><span class="name">${sinkName(name)}</span>${
    behaviour === undefined
      ? html`<span class="sub">your own receiver</span>`
      : html`<span class="switches" role="group" aria-label="${sinkName(name)}">${BEHAVIOURS.map((one) => button(name, one, behaviour))}</span><span class="sub">${MEANINGS[behaviour]}</span>`
  }</li>`

/** A switch per emulated receiver. */
export const switchesView = ({ sinks }: StackState): Html =>
  html`<h2 id="switches-heading">Break a destination</h2>
<p class="lead">Take one down and send an event: ${sinks.length > 2 ? 'the others get' : 'the other gets'} it as fast as before. What the broken one misses stays pending, and is delivered automatically once it is healthy again.</p>
<ul class="sinks">${sinks.map(row)}</ul>
<div class="actions"><button type="button" id="send-new">Send a new event</button><output id="switch-answer"></output></div>`
