import { type Html, html } from '../../../shared/encoding/html.ts'
import type { NewestEvent, StackState } from '../stack-state.ts'
import { contentView } from './content-view.ts'
import { evidenceView } from './evidence-view.ts'
import { levelBadge } from './marks.ts'
import { count, dateTime, identityTypeName, stateName } from './words.ts'

const what = (e: NewestEvent): string => {
  switch (e.kind) {
    case 'riskDetection':
      return e.detectionName ?? 'Detection'
    case 'riskyIdentity':
      return 'Identity state'
    case 'identityContext':
      return 'Context'
    case 'responseAction':
      return 'Response'
    case 'heartbeat':
      return 'Exporter heartbeat'
  }
}

const who = (e: NewestEvent): Html =>
  e.identityType === undefined
    ? html`<span class="who"><span class="name">Exporter</span></span>`
    : html`<span class="who"><span class="name">${e.identityName}</span><span class="sub">${identityTypeName(e.identityType)}</span></span>`

/** By the key, page.js keeps entries open when the list changes. */
const entry = (e: NewestEvent, first: boolean): Html => html`<li>
<details data-key="${`${e.partition}:${e.sequenceNumber}:${e.digest}`}"${first ? html` open` : undefined}>
<summary><span class="at">${dateTime(e.lastUpdatedAt)}</span>${who(e)}<span class="what">${what(e)}${e.seenBefore ? html` <span class="tag">sent again</span>` : undefined}</span><span class="risk">${e.kind === 'heartbeat' ? undefined : html`${levelBadge(e.riskLevel)}<span class="state">${stateName(e.riskState)}</span>`}</span></summary>
<div class="pair">${contentView('As received', 'Indented for display, every token as sent;', e.record)}${contentView('Normalised', 'What every sink receives;', e.event)}</div>
${evidenceView(e, html`<dt>Event id</dt><dd><code>${e.eventId}</code></dd>`)}
</details></li>`

/** The newest events, raw and normalised. */
export function eventsView({ newest, events, own }: StackState): Html {
  return html`<h2 id="events-heading">Newest events</h2>
<p class="lead">${newest.length === 0 ? 'No events yet.' : `The last ${newest.length} of ${count(events + own)} to arrive, those that the exporter sent itself included. Open one to compare the exact record with the normalised event.`}</p>
${newest.length === 0 ? undefined : html`<ol class="events">${newest.map((e, i) => entry(e, i === 0))}</ol>`}`
}
