import { type Html, html } from '../../../shared/encoding/html.ts'
import type { Evidence } from '../stack-state.ts'
import { dateTime } from './words.ts'

/** Where to find a record again. */
export const evidenceView = (e: Evidence, more?: Html): Html => html`<dl class="evidence">
${more}<dt>Archive</dt><dd><code>${e.blob}</code>, line ${e.line}</dd>
<dt>Position</dt><dd>partition ${e.partition}, sequence number ${e.sequenceNumber}, enqueued ${dateTime(e.enqueuedAt)} UTC</dd>
<dt>Digest</dt><dd><code>${e.digest}</code></dd>
</dl>`
