import type { Instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { type Html, html } from '../../encoding/html.ts'
import { statusOf } from '../../evidence/verify/finding.ts'
import { VERDICTS } from '../../evidence/verify/verdict.ts'
import type { Verification } from '../../evidence/verify/verify.ts'
import { pageOf } from './page.ts'
import { notesPart, problemsPart } from './verification-html-findings.ts'
import { coveragePicture, daysPicture, logPicture, shortTime } from './verification-html-pictures.ts'
import { VERIFICATION_STYLE } from './verification-html-style.ts'

/** The heaviest findings in a few words. */
function whyOf({ findings, status }: Verification): string {
  const counts = new Map<string, number>()
  for (const one of findings)
    if (statusOf([one]) === status) counts.set(one.class, (counts.get(one.class) ?? 0) + 1)
  return [...counts].map(([name, count]) => `${name} (${count})`).join(', ')
}

function verdictBox(of: Verification): Html {
  const [word = '', sentence = ''] = VERDICTS[of.status].split(': ')
  const why = whyOf(of)
  return html`<div class="verdict ${of.status}"><strong>${word}</strong><p>${sentence[0]?.toUpperCase() ?? ''}${sentence.slice(1)}.</p>${why === '' ? undefined : html`<p class="why">${why}</p>`}</div>`
}

/**
 * A verification as one page that needs nothing else, the verdict first.
 * @param madeAt when it was made
 */
export function verificationHtml(of: Verification, madeAt: Instant): string {
  const { looked, log, partitions } = of
  const missing = partitions.reduce((sum, one) => sum + one.missing, 0)
  return pageOf(
    'Verification of the archive',
    VERIFICATION_STYLE,
    html`<h1>Verification of the archive</h1>
<p>Made at ${shortTime(isoInstant(madeAt))}. All times are UTC.</p>
${verdictBox(of)}
<dl>
<dt>Archive</dt><dd>${looked.blobs} blobs, ${looked.bytes} bytes; ${looked.unchanged} as sealed, ${looked.missing} missing</dd>
<dt>Records</dt><dd>${looked.records}: ${looked.events} events, ${looked.faults} faults, ${looked.skipped} skipped</dd>
<dt>Sequence numbers missing</dt><dd>${missing}, in ${partitions.length} partitions</dd>
<dt>Log</dt><dd>${log === undefined ? 'none' : `${log.origin}, ${log.size} leaves`}</dd>
</dl>
${problemsPart(of)}
<h2>The log</h2>
${logPicture(of)}
<h2>Coverage by partition</h2>
${coveragePicture(partitions)}
<h2>Records by day</h2>
${daysPicture(of)}
${notesPart(of)}`,
  )
}
