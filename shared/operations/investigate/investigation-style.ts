import { html } from '../../encoding/html.ts'
import { PAGE_STYLE } from '../report/report-style.ts'

/** The style of an investigation's page. */
export const INVESTIGATION_STYLE = html`${PAGE_STYLE}
:root { --good: #1f6f43; --wash: #f1efe9; --mono: ui-monospace, "Cascadia Mono", Consolas, monospace; }
@media (prefers-color-scheme: dark) { :root { --good: #6fc795; --wash: #20272c; } }
body { max-width: 84rem; margin: 0 auto; padding: 2rem 1.75rem 3rem; }
h1 { font-size: 1.9rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 2.25rem 0 0.9rem; font-size: 1.15rem; font-weight: 600; }
h3 { margin: 0; font-size: 1rem; font-weight: 600; }
p, ul, ol, dl, dd { margin: 0; padding: 0; }
ul, ol { list-style: none; }
code, pre, .id { font: 12px / 1.55 var(--mono); }
.id { min-width: 0; overflow-wrap: anywhere; }
.eyebrow { margin-bottom: 0.2rem; font-size: 12px; font-weight: 600; letter-spacing: 0.06em; text-transform: uppercase; }
header { display: flex; flex-wrap: wrap; gap: 1rem 2rem; justify-content: space-between; align-items: flex-start; }
header > div { min-width: 0; flex: 1 1 24rem; }
.ids { display: flex; flex-wrap: wrap; gap: 0.1rem 1.5rem; margin-top: 0.5rem; color: var(--soft); }
.badge { flex: 0 0 auto; padding: 0.7rem 1.1rem; border: 1px solid currentColor; border-radius: 8px; background: var(--raised); color: var(--other); text-align: right; }
.badge b { display: block; font-size: 1.3rem; line-height: 1.2; }
.badge span { color: var(--soft); font-size: 12px; }
.level-high { color: var(--high); } .level-medium { color: var(--medium); }
.level-low { color: var(--low); } .level-none { color: var(--soft); } .level-other { color: var(--other); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(13.5rem, 1fr)); gap: 0.75rem; margin-top: 1.5rem; }
.tile, .card { border: 1px solid var(--rule); border-radius: 8px; background: var(--raised); }
.tile { padding: 0.75rem 0.9rem; border-top: 3px solid var(--rule); }
.tile.finding { border-top-color: var(--high); } .tile.good { border-top-color: var(--good); }
.tile dt { color: var(--soft); font-size: 12px; font-weight: 600; }
.tile dd { margin-top: 0.15rem; font-weight: 600; overflow-wrap: anywhere; }
.tile dd + dd { font-weight: 400; font-size: 12px; color: var(--soft); }
.tile.unknown dd { color: var(--soft); font-weight: 400; }
.columns { display: grid; grid-template-columns: minmax(0, 1.15fr) minmax(0, 1fr); gap: 0 2rem; }
.card { padding: 1rem 1.15rem; }

.timeline > li { position: relative; display: grid; grid-template-columns: 9.2rem 1rem minmax(0, 1fr); gap: 0 0.8rem; padding-bottom: 1rem; }
.timeline > li:last-child { padding-bottom: 0; }
.timeline > li:not(:last-child)::before { content: ""; position: absolute; top: 0.9rem; bottom: -0.4rem; left: calc(9.2rem + 0.8rem + 0.5rem - 1px); width: 2px; background: var(--rule); }
.timeline time { color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; text-align: right; }
.dot { position: relative; width: 0.8rem; height: 0.8rem; margin: 0.25rem 0.1rem; border: 2px solid var(--soft); border-radius: 50%; background: var(--raised); }
.activity .dot { border-color: var(--high); border-style: dashed; }
.detection .dot, .state .dot { border-color: currentColor; background: currentColor; }
.response .dot { border-color: var(--good); border-radius: 2px; background: var(--good); }
.credential .dot { border-color: var(--medium); border-radius: 2px; }
.context .dot { border-color: var(--low); }
.what b { font-weight: 600; color: var(--ink); }
.what .level { margin-left: 0.4rem; font-size: 12px; font-weight: 600; }
.what p { margin: 0; font-size: 13px; overflow-wrap: anywhere; }
.gap { grid-column: 3; margin: 0.6rem 0 -0.25rem; font-size: 12px; font-style: italic; color: var(--soft); }
.facts { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: 0.55rem 1rem; }
.facts dt { color: var(--soft); font-weight: 600; }
.told li { position: relative; padding-left: 1.15rem; overflow-wrap: anywhere; }
.told li::before { content: "·"; position: absolute; left: 0.25rem; color: var(--soft); font-weight: 700; }
.told li.finding::before { content: "!"; color: var(--high); }
.told li.good::before { content: "✓"; left: 0; color: var(--good); }
.told li.unknown { color: var(--soft); } .told li.unknown::before { content: "?"; }
.stack { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; }
.stack .told, .stack .hunts, .stack .commands { margin-top: 0.5rem; }
details { margin-top: 0.35rem; }
summary { cursor: pointer; color: var(--soft); } summary b { color: var(--ink); font-weight: 500; }
summary:hover b { text-decoration: underline; }
pre { margin: 0.35rem 0 0; padding: 0.35rem 0.7rem; border-radius: 6px; background: var(--wash); overflow-x: auto; white-space: pre; user-select: all; }
.commands pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.source { margin-top: 0.3rem; font-size: 12px; } a { color: var(--low); }
.steps > li { display: grid; grid-template-columns: 2.2rem minmax(0, 1fr); }
.mark { display: grid; place-items: center; width: 1.6rem; height: 1.6rem; border: 2px solid var(--rule); border-radius: 50%; color: var(--soft); font-weight: 600; font-size: 13px; }
.done .mark { border-color: var(--good); color: var(--good); } .attention .mark { border-color: var(--high); color: var(--high); }
.notApplicable { opacity: 0.75; }
.steps h3 small { margin-left: 0.5rem; font-weight: 400; color: var(--soft); }
.attention h3 small { color: var(--high); } .done h3 small { color: var(--good); }
footer { margin-top: 2rem; color: var(--soft); font-size: 12px; }
@media (max-width: 60rem) { .columns { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 36rem) {
  body { padding: 1rem; } .facts { grid-template-columns: minmax(0, 1fr); gap: 0.1rem; } .facts dd { margin-bottom: 0.5rem; }
  .timeline > li { grid-template-columns: 1rem minmax(0, 1fr); } .timeline time { grid-column: 2; text-align: left; } .gap { grid-column: 2; }
  .dot { grid-column: 1; grid-row: 1; } .timeline > li .what { grid-column: 2; } .timeline > li:not(:last-child)::before { left: calc(0.5rem - 1px); }
}
@media print {
  body { max-width: none; padding: 0; font-size: 11px; } .columns { grid-template-columns: minmax(0, 1fr); }
  .tile, .card, .timeline > li, .steps > li { break-inside: avoid; } pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`
