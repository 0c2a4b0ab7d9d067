import type { NewestEvent, StackState } from '../stack-state.ts'
import { contentView } from './content-view.ts'
import { evidenceView } from './evidence-view.ts'
import { type Html, html } from './html.ts'
import { levelBadge } from './marks.ts'
import { count, dateTime, identityTypeName, stateName } from './words.ts'

const what = (e: NewestEvent): string => {
  switch (e.kind) {
    case 'riskDetection':
      return e.detectionName ?? 'Detection'
    case 'riskyIdentity':
      return 'Identity state'
    case 'heartbeat':
      return 'Heartbeat of the exporter'
  }
}

const who = (e: NewestEvent): Html =>
  e.identityType === undefined
    ? html`<span class="who"><span class="name">Exporter</span></span>`
    : html`<span class="who"><span class="name">${e.identityName}</span><span class="sub">${identityTypeName(e.identityType)}</span></span>`

/** The key lets the page's script keep open what was open when the list moves on. */
const entry = (e: NewestEvent, first: boolean): Html => html`<li>
<details data-key="${`${e.partition}:${e.sequenceNumber}:${e.digest}`}"${first ? html` open` : undefined}>
<summary><span class="at">${dateTime(e.lastUpdatedAt)}</span>${who(e)}<span class="what">${what(e)}${e.seenBefore ? html` <span class="tag">sent again</span>` : undefined}</span><span class="risk">${e.kind === 'heartbeat' ? undefined : html`${levelBadge(e.riskLevel)}<span class="state">${stateName(e.riskState)}</span>`}</span></summary>
<div class="pair">${contentView('As received', 'Indented for reading, every token as sent;', e.record)}${contentView('Normalised', 'What every sink is given;', e.event)}</div>
${evidenceView(e, html`<dt>Event id</dt><dd><code>${e.eventId}</code></dd>`)}
</details></li>`

/** What came in last, raw beside normalised. */
export function eventsView({ newest, events, heartbeats }: StackState): Html {
  return html`<h2 id="events-heading">Newest events</h2>
<p class="lead">${newest.length === 0 ? 'Nothing has come in yet.' : `The last ${newest.length} of ${count(events + heartbeats)} by arrival, heartbeats included. Open one to compare the exact record with what was made of it.`}</p>
${newest.length === 0 ? undefined : html`<ol class="events">${newest.map((e, i) => entry(e, i === 0))}</ol>`}`
}
