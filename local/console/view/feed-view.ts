import { type Html, html } from '../../../shared/encoding/html.ts'
import type { StackState } from '../stack-state.ts'

/** Ways to send records. Constant while the stack runs. */
export const feedView = (
  { connectionString, hub }: StackState,
  pageUrl: string,
): Html => html`<h2 id="feed-heading">Send records</h2>
<p class="lead">Send records from here, with <code>curl</code>, or with any Event Hubs client: all take the same path.</p>
<form id="feed-form" action="/feed" method="post">
<label for="feed-body">Records as JSON: an envelope, an array, a single record, or malformed input</label>
<textarea id="feed-body" name="body" rows="7" spellcheck="false" autocomplete="off" placeholder='{"records":[{"category":"RiskyServicePrincipals","properties":{…}}]}'></textarea>
<div class="actions"><button type="submit">Send as one message</button><output id="feed-answer" for="feed-body"></output></div>
<noscript><p>Sending from this page requires JavaScript; <code>curl</code> does not.</p></noscript>
</form>
<dl class="ways">
<dt>With curl</dt><dd><code id="curl">curl -H 'content-type: application/json' --data-binary @record.json ${pageUrl}feed</code> <button type="button" class="copy" data-copy="curl" hidden>Copy</button></dd>
<dt>Hub</dt><dd><code>${hub}</code></dd>
<dt>Connection string</dt><dd><code id="connection">${connectionString}</code> <button type="button" class="copy" data-copy="connection" hidden>Copy</button></dd>
</dl>`
