import { duration } from '../../domain/duration.ts'
import type { Instant, TenantId } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { type Html, html } from '../../encoding/html.ts'
import { pageOf } from '../report/page.ts'
import { type Answer, answersTo } from './answers.ts'
import { type HuntSubject, huntQuery } from './hunt-query.ts'
import { HUNTS, type Hunt } from './hunts.ts'
import { type IdentityFact, identityFacts } from './identity-facts.ts'
import type { Investigation } from './investigation.ts'
import { INVESTIGATION_STYLE } from './investigation-style.ts'
import { remediationOf } from './remediation.ts'
import type { AsTyped, Step } from './remediation-case.ts'
import type { Names } from './section-lines.ts'
import { type SummaryItem, summaryOf } from './summary.ts'
import { type TimelineEntry, timelineOf } from './timeline.ts'
import { type Told, timeText } from './told.ts'

/** What a page says beside the investigation itself. */
export interface Made {
  readonly tenantId: TenantId
  readonly from: Instant
  readonly to: Instant
  /** When it was read. */
  readonly at: Instant
  readonly more: boolean
  readonly names: Names
  readonly asTyped: AsTyped
}

const LEVELS = ['high', 'medium', 'low', 'none']
/** Shorter gaps need no word. */
const LONG_MS = 12 * 3_600_000

const levelClass = (level: string | undefined): string =>
  level === undefined ? '' : `level-${LEVELS.includes(level) ? level : 'other'}`

/** Whom the hunts are about, and from when on they look. */
export const huntSubjectOf = (
  { identity, keyIds, began, risk }: Investigation,
  until: Instant,
): HuntSubject => ({ id: identity.id, appId: identity.appId, keyIds, began: began ?? risk?.at ?? until })

const told = (lines: readonly Told[]): Html =>
  lines.length === 0
    ? html``
    : html`<ul class="told">${lines.map(({ text, tone }) => html`<li class="${tone}">${text}</li>`)}</ul>`

/** Long names of permissions may be broken after a dot. */
const breakable = (text: string): readonly Html[] =>
  text.split(/(?<=\.)/).map((part, i) => (i === 0 ? html`${part}` : html`<wbr>${part}`))

const tile = ({ label, told: { text, tone }, note }: SummaryItem): Html =>
  html`<div class="tile ${tone}"><dt>${label}</dt><dd>${breakable(text)}</dd>${note === undefined ? undefined : html`<dd>${note}</dd>`}</div>
`

function entry({ at, kind, title, level, notes }: TimelineEntry, next: TimelineEntry | undefined): Html {
  const iso = isoInstant(at)
  const gap = next === undefined ? 0 : next.at - at
  return html`<li class="${kind}${level === undefined ? '' : ` ${levelClass(level)}`}"><time datetime="${iso}">${timeText(at)}</time><span class="dot"></span><div class="what"><b>${title}</b>${level === undefined ? undefined : html`<span class="level">${level}</span>`}${notes.map((note) => html`<p>${note}</p>`)}</div>${gap >= LONG_MS ? html`<p class="gap">${duration(gap)} later</p>` : undefined}</li>
`
}

const fact = ({ label, lines }: IdentityFact): Html => html`<dt>${label}</dt><dd>${told(lines)}</dd>
`

const hunt = (of: Hunt, subject: HuntSubject): Html =>
  html`<details><summary><b>${of.title}</b> <code>${of.id}</code></summary><pre>${huntQuery(of, subject)}</pre><p class="source">Reads ${of.tables.join(', ')}. <a href="${of.source}" rel="noreferrer">Where the question comes from</a></p></details>
`

const answer = ({ question, lines, hunts }: Answer, number: number, subject: HuntSubject): Html =>
  html`<section class="card"><h3>${number > 4 ? '' : `${number}. `}${question}</h3>${told(lines)}<div class="hunts">${hunts.map((one) => hunt(one, subject))}</div></section>
`

const STATE: Readonly<Record<Step['state'], string>> = {
  done: 'done',
  open: '',
  attention: 'look again',
  notApplicable: 'not yours to do',
}

/** What is done need not be done again: its commands are there, but folded. */
const folded = (state: Step['state'], commands: Html): Html =>
  state === 'done' ? html`<details><summary>Commands</summary>${commands}</details>` : commands

function step({ title, state, lines, commands, hunts }: Step, number: number): Html {
  const mark = state === 'done' ? '✓' : state === 'attention' ? '!' : String(number)
  const named = hunts.map((id) => HUNTS.find((one) => one.id === id)?.title ?? id)
  return html`<li class="card ${state}"><span class="mark">${mark}</span><div><h3>${title}<small>${STATE[state]}</small></h3>${told(lines)}${
    commands.length === 0
      ? undefined
      : folded(state, html`<div class="commands">${commands.map((line) => html`<pre>${line}</pre>`)}</div>`)
  }${named.length === 0 ? undefined : html`<p class="source">Queries above: ${named.join('; ')}.</p>`}</div></li>
`
}

/** An investigation as one page that needs nothing else: no script, no request. */
export function investigationHtml(of: Investigation, made: Made): string {
  const { identity, risk } = of
  const name = identity.displayName ?? identity.id
  const kind = identity.type === 'agent' ? 'Agent' : 'Service principal'
  const subject = huntSubjectOf(of, made.at)
  const timeline = timelineOf(of)
  const ids: readonly (readonly [string, string | undefined])[] = [
    ['object id', identity.id],
    ['application id', identity.appId],
    ['blueprint id', identity.blueprintId],
    ['tenant', made.tenantId],
  ]
  const badge =
    risk === undefined
      ? undefined
      : html`<div class="badge ${levelClass(risk.level)}"><b>${risk.level ?? 'no level'}</b>${risk.state ?? 'no state'}<br><span>since ${timeText(risk.at)}</span></div>`
  return pageOf(
    `Investigation: ${name}`,
    INVESTIGATION_STYLE,
    html`<header><div>
<p class="eyebrow">Investigation · ${identity.subtype ?? kind}</p>
<h1>${name}</h1>
<p class="ids">${ids.flatMap(([label, id]) => (id === undefined ? [] : [html`<span>${label} <span class="id">${id}</span></span>`]))}</p>
</div>${badge}</header>
<dl class="tiles">
${summaryOf(of).map(tile)}</dl>
<div class="columns">
<section><h2>Timeline</h2><ol class="card timeline">
${timeline.map((one, i) => entry(one, timeline[i + 1]))}</ol></section>
<section><h2>Who it is</h2><dl class="card facts">
${identityFacts(of, made.names).map(fact)}</dl></section>
</div>
<h2>Microsoft's four questions</h2>
<div class="stack">
${answersTo(of).map((one, i) => answer(one, i + 1, subject))}</div>
<h2>Remediation, in this order</h2>
<ol class="stack steps">
${remediationOf(of, made.asTyped).map((one, i) => step(one, i + 1))}</ol>
<footer><p>From the archive, records of ${timeText(made.from)} to ${timeText(made.to)}, read at ${timeText(made.at)}. Times are UTC.${made.more ? ' There are older events than these: choose a shorter time range.' : ''}</p>
<p>Words in capitals in a command are for you to fill in. A click on a command or query selects the whole of it.</p></footer>`,
  )
}
