import { type Html, html } from '../../../shared/encoding/html.ts'
import type { FaultGroup, FaultyContent, StackState } from '../stack-state.ts'
import { contentView } from './content-view.ts'
import { evidenceView } from './evidence-view.ts'
import { count, counted } from './words.ts'

const SAMPLES = 3

const belongsTo =
  (group: FaultGroup) =>
  (f: FaultyContent): boolean =>
    f.fault.message === group.message && f.fault.code === group.code && f.fault.field === group.field

const sample = (f: FaultyContent): Html =>
  html`${contentView(f.what === 'record' ? 'The record as received' : 'The message as received', 'Kept in the archive;', f.content)}${evidenceView(f)}`

function entry(group: FaultGroup, faulty: readonly FaultyContent[]): Html {
  const samples = faulty.filter(belongsTo(group)).slice(0, SAMPLES)
  const more = group.count - samples.length
  return html`<li><details data-key="${`fault:${group.code}:${group.message}`}">
<summary><span class="count">${count(group.count)}</span><span class="why"><span class="name">${group.message}</span><span class="sub"><code>${group.code}</code>${group.field === undefined ? undefined : html` in <code>${group.field}</code>`}</span></span></summary>
${samples.map(sample)}${more > 0 ? html`<p class="more">and ${count(more)} more of this kind in the archive</p>` : undefined}
</details></li>`
}

/** What could not be read, and why. */
export function faultsView({ faults, faultGroups, faulty }: StackState): Html {
  return html`<h2 id="faults-heading">Faults, explained</h2>
<p class="lead">${faults === 0 ? 'Everything received could be read.' : `${counted(faults, 'record or message', 'records and messages')} could not be read. Nothing is lost: the archive holds their exact bytes, and the other records of the same messages were processed normally.`}</p>
${faultGroups.length === 0 ? undefined : html`<ol class="faults">${faultGroups.map((g) => entry(g, faulty))}</ol>`}`
}
