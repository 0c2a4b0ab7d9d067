import { type Html, html } from '../../../shared/encoding/html.ts'
import { isOpen } from '../risk-level.ts'
import type { IdentityState, StackState } from '../stack-state.ts'
import { levelBadge } from './marks.ts'
import { count, counted, dateTime, identityTypeName, stateName } from './words.ts'

const RISK_STATE_CLASS = (state: string | undefined): string => (isOpen(state) ? 'open' : 'settled')

/** Investigations are of workload identities. */
const named = ({ identityType, id, displayName = id }: IdentityState): string | Html =>
  identityType === 'user'
    ? displayName
    : html`<a href="/identities/${encodeURIComponent(id)}">${displayName}</a>`

const row = (i: IdentityState): Html => html`<tr class="${RISK_STATE_CLASS(i.riskState)}">
<td>${levelBadge(i.riskLevel)}</td>
<th scope="row"><span class="name">${named(i)}</span><span class="sub">${identityTypeName(i.identityType)}${i.enabled === false ? ', sign-in disabled' : ''}${i.source === 'riskDetection' ? ', from its latest detection' : ''}</span></th>
<td><span class="state">${stateName(i.riskState)}</span><span class="sub">${dateTime(i.lastUpdatedAt)}</span></td>
</tr>`

/** The latest state of each identity. */
export function identitiesView(state: StackState): Html {
  const { identities, identitiesTotal, identitiesOpen } = state
  const more = identitiesTotal - identities.length
  return html`<h2 id="identities-heading">Risk by identity</h2>
<p class="lead">${identitiesTotal === 0 ? 'No identities yet.' : `${count(identitiesOpen)} of ${counted(identitiesTotal, 'identity', 'identities')} still at risk or compromised. The latest state of each, as last changed by Entra. A name opens its timeline, context and next steps.`}</p>
${
  identities.length === 0
    ? undefined
    : html`<table class="identities"><thead class="unseen"><tr><th scope="col">Level</th><th scope="col">Identity</th><th scope="col">State, since (UTC)</th></tr></thead><tbody>${identities.map(row)}</tbody></table>`
}${more > 0 ? html`<p class="more">and ${count(more)} more</p>` : undefined}`
}
