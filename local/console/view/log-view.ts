import { type Html, html } from '../../../shared/encoding/html.ts'
import type { LogState, StackState } from '../stack-state.ts'
import { count, counted, dateTime } from './words.ts'

/** As much of a hash as tells two of them apart at a glance. */
const SHORT_ROOT = 12

const head = ({
  size,
  root,
  keyId,
  sealedAt,
}: LogState): Html => html`<div><dt>Head</dt><dd>${counted(size, 'leaf', 'leaves')}, root <code title="${root}">${root.slice(0, SHORT_ROOT)}…</code></dd></div>
<div><dt>Last seal</dt><dd>${dateTime(sealedAt)} UTC</dd></div>
<div><dt>Signature</dt><dd>${keyId === undefined ? html`<span class="waiting">none: wormOnly</span>, only the write protection of its containers guards it` : html`by key <code>${keyId}</code>`}</dd></div>`

/** The log of the archive: its head, and what waits for the next seal. */
export function logView({ log, archive: { unsealed } }: StackState): Html {
  const waiting =
    unsealed === 0
      ? html`none`
      : html`<span class="waiting">${count(unsealed)}</span>, added by the next seal`
  return html`<h3>The log of the archive</h3>
<p class="lead">Anyone can check with it that the archive is unchanged and complete: <code>risk-export verify --local</code></p>
<dl class="log">${log === undefined ? html`<div><dt>Head</dt><dd>the archive is not sealed yet</dd></div>` : head(log)}
<div><dt>Unsealed blobs</dt><dd>${waiting}</dd></div></dl>`
}
