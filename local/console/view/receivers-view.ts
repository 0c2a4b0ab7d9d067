import { BEHAVIOURS, type Behaviour } from '../../stack/behaviour.ts'
import type { SinkState, StackState } from '../stack-state.ts'
import { type Html, html } from './html.ts'
import { sinkName } from './words.ts'

const button = (sink: string, behaviour: Behaviour, now: Behaviour): Html =>
  html`<button type="button" id="${sink}-${behaviour}" data-sink="${sink}" data-behaviour="${behaviour}" aria-pressed="${behaviour === now ? 'true' : 'false'}">${behaviour}</button>`

const row = ({ name, behaviour }: SinkState): Html =>
  behaviour === undefined
    ? html`<li><span class="name">${sinkName(name)}</span><span class="sub">is your own receiver</span></li>`
    : html`<li><span class="name" id="${name}-switch">${sinkName(name)}</span><span class="switch" role="group" aria-labelledby="${name}-switch">${BEHAVIOURS.map((one) => button(name, one, behaviour))}</span></li>`

/** Switches that have a receiver misbehave. */
export const receiversView = ({
  sinks,
}: StackState): Html => html`<h2 id="receivers-heading">Break a receiver</h2>
<p class="lead">One that refuses, is slow or down has its events pending, and gets them once it is healthy again. Neither the other one nor the archive notices.</p>
<ul class="receivers">${sinks.map(row)}</ul>`
