import { type Html, html } from '../../../shared/encoding/html.ts'
import type { ShownContent } from '../stack-state.ts'
import { jsonView } from './json-view.ts'
import { counted } from './words.ts'

/** Exact content under a heading; can be scrolled by keyboard. */
export function contentView(heading: string, note: string, content: ShownContent): Html {
  const { text, form, bytes, cut } = content
  const body = bytes === 0 ? html`<em>empty: 0 bytes</em>` : form === 'text' ? jsonView(text) : html`${text}`
  return html`<figure class="content">
<figcaption><strong>${heading}</strong> <span>${note} ${counted(bytes, 'byte')}${form === 'base64' ? ', not UTF-8: shown as Base64' : ''}${cut ? ', truncated for display' : ''}</span></figcaption>
<pre tabindex="0" role="region" aria-label="${heading}"><code>${body}</code></pre>
</figure>`
}
