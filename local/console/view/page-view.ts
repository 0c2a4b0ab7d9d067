import { type Html, html } from '../../../shared/encoding/html.ts'
import type { StackState } from '../stack-state.ts'
import { feedView } from './feed-view.ts'
import { markSprite } from './marks.ts'
import { type PanelId, type Panels, panelsOf } from './panels.ts'

const section = (id: PanelId, panels: Panels): Html =>
  html`<section id="${id}" aria-labelledby="${id}-heading">${panels[id]}</section>`

/**
 * The whole page, readable without JavaScript, which only keeps it up to date.
 * @param pageUrl URL of the page, with a trailing slash
 */
export function pageView(state: StackState, pageUrl: string): string {
  const panels = panelsOf(state)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Entra risk export</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" type="module"></script>
</head>
<body>
<a class="skip" href="#events">Skip to the newest events</a>
${markSprite()}
<header>
<svg class="logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true"><path d="M3 16h9c6 0 4-9 10-9h7M12 16h17M12 16c6 0 4 9 10 9h7" fill="none" stroke="currentColor" stroke-width="3.2" stroke-linecap="round"/><circle cx="5" cy="16" r="4"/></svg>
<h1>Entra risk export <span>one way in, one archive, independent deliveries</span></h1>
<div id="status" role="status">${panels.status}</div>
</header>
<main>
${section('flow', panels)}
${section('switches', panels)}
<div class="columns">${section('identities', panels)}${section('detections', panels)}</div>
${section('ledger', panels)}
${section('events', panels)}
${section('faults', panels)}
<section id="feed" aria-labelledby="feed-heading">${feedView(state, pageUrl)}</section>
</main>
<footer><p>The embedded stack runs on this machine only. All times are UTC. The figures of this page as JSON: <a href="/state">/state</a>.</p></footer>
</body>
</html>
`.markup
}
