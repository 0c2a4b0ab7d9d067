import { archiveBlob } from '../../archive/archive-blob.ts'
import { type Html, html } from '../../encoding/html.ts'
import { FINDING_CLASSES, type Finding, type FindingName, weightOf } from '../../evidence/verify/finding.ts'
import type { Verification } from '../../evidence/verify/verify.ts'

/** Findings of one class that the page lists. */
const MAX_LISTED = 50

/** What exactly, and where; of an archive blob its partition first: names are long. */
function item({ subject, detail }: Finding): Html {
  const blob = archiveBlob(subject)
  return blob === undefined
    ? html`<li>${subject}: ${detail}</li>
`
    : html`<li>Partition ${blob.partition}: ${detail}<code>${subject}</code></li>
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

function byClass(findings: readonly Finding[]): ReadonlyMap<FindingName, readonly Finding[]> {
  const classes = new Map<FindingName, Finding[]>()
  for (const finding of findings) {
    const known = classes.get(finding.class)
    if (known === undefined) classes.set(finding.class, [finding])
    else known.push(finding)
  }
  return classes
}

/** What is wrong, the root causes first, each with its meaning and remedy. */
export function problemsPart({ findings }: Verification): Html {
  const problems = byClass(findings.filter((one) => weightOf(one) !== 'note'))
  if (problems.size === 0) return html``
  return html`<h2>What was found</h2>
${[...problems].map(([name, all]) => findingBox(name, all))}`
}

/** What to know, though nothing is wrong with it. */
export function notesPart({ findings }: Verification): Html {
  const notes = byClass(findings.filter((one) => weightOf(one) === 'note'))
  if (notes.size === 0) return html``
  return html`<h2>Notes</h2>
${[...notes].map(([name, all]) => findingBox(name, all))}`
}
