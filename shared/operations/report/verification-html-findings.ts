import { archiveBlob } from '../../archive/archive-blob.ts'
import { type Html, html } from '../../encoding/html.ts'
import { FINDING_CLASSES, type Finding, type FindingName, statusOf } from '../../evidence/verify/finding.ts'
import type { Verification } from '../../evidence/verify/verify.ts'

/** Findings of one class that the page lists. */
const MAX_LISTED = 50
/** What follows from one finding. */
const MAX_FOLLOWING = 10

/** An archive blob by its place in the stream: its name is long. */
function shortSubject(subject: string): string {
  const blob = archiveBlob(subject)
  if (blob === undefined) return subject
  return `partition ${blob.partition}, blob of ${blob.firstSequenceNumber} to ${blob.lastSequenceNumber}`
}

/** What follows from a finding, below it. */
function following({ consequences = [] }: Finding): Html | undefined {
  if (consequences.length === 0) return undefined
  const more = consequences.length - MAX_FOLLOWING
  const items = consequences
    .slice(0, MAX_FOLLOWING)
    .map(
      (one) =>
        html`<li>hence ${one.class}: ${shortSubject(one.subject)}: ${one.detail}${following(one)}</li>`,
    )
  return html`<ul>${items}${more > 0 ? html`<li>and ${more} more</li>` : undefined}</ul>`
}

/** What exactly, and where; of an archive blob its partition first: names are long. */
function item(finding: Finding): Html {
  const { subject, detail } = finding
  const blob = archiveBlob(subject)
  const what =
    blob === undefined
      ? html`${subject}: ${detail}`
      : html`Partition ${blob.partition}: ${detail}<code>${subject}</code>`
  return html`<li>${what}${following(finding)}</li>
`
}

function findingBox(name: FindingName, all: readonly Finding[]): Html {
  const { weight, meaning, remedy } = FINDING_CLASSES[name]
  const more = all.length - MAX_LISTED
  return html`<section class="finding ${weight}"><h3>${name} <small>${all.length}</small></h3>
<p>${meaning}</p><ul>${all.slice(0, MAX_LISTED).map(item)}${more > 0 ? html`<li>and ${more} more</li>` : undefined}</ul>
<p class="remedy">What to do: ${remedy}</p></section>
`
}

function boxes(findings: readonly Finding[]): readonly Html[] {
  const classes = new Map<FindingName, Finding[]>()
  for (const finding of findings) {
    const known = classes.get(finding.class)
    if (known === undefined) classes.set(finding.class, [finding])
    else known.push(finding)
  }
  return [...classes].map(([name, all]) => findingBox(name, all))
}

/** What is wrong, the root causes first, each with its meaning, its remedy and what follows from it. */
export function problemsPart({ findings }: Verification): Html | undefined {
  const problems = boxes(findings.filter((one) => statusOf([one]) !== 'ok'))
  return problems.length === 0 ? undefined : html`<h2>What was found</h2>${problems}`
}

/** What to know, though nothing is wrong with it. */
export function notesPart({ findings }: Verification): Html | undefined {
  const notes = boxes(findings.filter((one) => statusOf([one]) === 'ok'))
  return notes.length === 0 ? undefined : html`<h2>Notes</h2>${notes}`
}
