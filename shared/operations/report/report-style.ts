import { html } from '../../encoding/html.ts'

/** What all pages share: colours for screens light and dark, and letters. */
export const PAGE_STYLE = html`
:root {
  color-scheme: light dark;
  --paper: #faf9f6; --raised: #ffffff; --ink: #1c2326; --soft: #59646a; --rule: #dcd9d1;
  --high: #b3261e; --medium: #96590a; --low: #2a6496; --other: #67509b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12171a; --raised: #191f23; --ink: #e4e6e3; --soft: #9aa5ab; --rule: #2c353a;
    --high: #ff7a68; --medium: #eda942; --low: #7cb8ec; --other: #bba6f0;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 1.5rem; background: var(--paper); color: var(--ink);
  font: 14px / 1.45 "Segoe UI", system-ui, "Noto Sans", sans-serif;
}
h1 { margin: 0 0 0.25rem; font-size: 1.5rem; font-weight: 600; }
p { margin: 0 0 0.5rem; color: var(--soft); }
`

/** The style of a report's page, for screens and for paper. */
export const REPORT_STYLE = html`${PAGE_STYLE}.cut { color: var(--high); font-weight: 600; }
.scroll { overflow-x: auto; margin-top: 1rem; border: 1px solid var(--rule); border-radius: 6px; background: var(--raised); }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.45rem 0.75rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td { min-width: 8rem; max-width: 24rem; overflow-wrap: break-word; }
td:first-child { min-width: 11rem; font-weight: 600; }
tbody tr:last-child td { border-bottom: 0; }
.id { min-width: 20rem; font: 12px / 1.5 ui-monospace, "Cascadia Mono", Consolas, monospace; overflow-wrap: anywhere; }
td.words { min-width: 14rem; }
.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.level { min-width: 0; font-weight: 600; color: var(--other); }
td.level-high { color: var(--high); }
td.level-medium { color: var(--medium); }
td.level-low { color: var(--low); }
td.level-none { color: var(--soft); }
@media print {
  body { padding: 0; }
  .scroll { border: 0; overflow: visible; }
}
`
