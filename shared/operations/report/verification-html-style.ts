import { html } from '../../encoding/html.ts'
import { PAGE_STYLE } from './report-style.ts'

/** The style of a verification's page: screens light and dark, wide and narrow, and paper. */
export const VERIFICATION_STYLE = html`${PAGE_STYLE}
body { max-width: 68rem; margin: 0 auto; }
h2 { margin: 2rem 0 0.25rem; font-size: 1.1rem; font-weight: 600; break-after: avoid; }
.verdict { margin: 1rem 0; padding: 1rem 1.25rem; border-radius: 6px; border: 1px solid var(--rule); border-left: 10px solid var(--low); background: var(--raised); break-inside: avoid; }
.verdict strong { display: block; color: var(--low); font-size: 1.7rem; line-height: 1.2; }
.verdict p { margin: 0.3rem 0 0; color: var(--ink); font-size: 1.05rem; }
.verdict .why { color: var(--soft); font-size: 1rem; }
.verdict.integrity, .verdict.unknown { border-left-color: var(--high); }
.verdict.integrity strong, .verdict.unknown strong { color: var(--high); }
.verdict.incomplete { border-left-color: var(--medium); }
.verdict.incomplete strong { color: var(--medium); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1.25rem; margin: 0; break-inside: avoid; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
code { font: 0.9em ui-monospace, "Cascadia Mono", Consolas, monospace; overflow-wrap: anywhere; }
.picture { padding: 0.9rem 1rem; border: 1px solid var(--rule); border-radius: 6px; background: var(--raised); break-inside: avoid; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.held, .free { background: var(--low); }
.hole { background: repeating-linear-gradient(45deg, var(--high) 0 4px, var(--raised) 4px 7px); box-shadow: inset 0 0 0 1px var(--high); }
.open { background: var(--medium); }
.chain { display: flex; align-items: center; gap: 3px; height: 1.6rem; background: linear-gradient(var(--rule), var(--rule)) center / 100% 2px no-repeat; }
.chain i { flex: 1 1 0; min-width: 2px; max-width: 4rem; height: 100%; border-radius: 3px; }
.stack { display: flex; height: 1.1rem; overflow: hidden; border-radius: 3px; background: var(--rule); }
.stack i { min-width: 3px; }
.layer { display: grid; grid-template-columns: 9rem 1fr; gap: 0.15rem 1rem; align-items: center; padding: 0.5rem 0; }
.layer + .layer { border-top: 1px solid var(--rule); }
.layer > b { font-weight: 600; }
.layer .note { grid-column: 2; color: var(--soft); overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.lane { display: grid; grid-template-columns: 9rem 1fr 8rem; gap: 0 1rem; align-items: center; padding: 0.2rem 0; break-inside: avoid; }
.lane .name { overflow-wrap: anywhere; }
.lane .said { font-variant-numeric: tabular-nums; color: var(--soft); }
.lane .said.bad { color: var(--high); font-weight: 600; }
.lane .name small { display: block; color: var(--soft); }
.track { position: relative; height: 1.15rem; border-radius: 3px; background: var(--rule); }
.track i { position: absolute; top: 0; bottom: 0; min-width: 4px; border-radius: 2px; }
.axis span { white-space: nowrap; }
.axis { margin-top: 0.25rem; display: flex; justify-content: space-between; gap: 1rem; color: var(--soft); font-size: 0.85rem; font-variant-numeric: tabular-nums; }
.days { display: flex; align-items: flex-end; gap: 1px; height: 7rem; border-bottom: 1px solid var(--rule); }
.days i { flex: 1 1 0; max-width: 3rem; min-width: 1px; border-radius: 2px 2px 0 0; }
.days i.none { background: none; }
.finding { margin: 0 0 0.75rem; padding: 0.7rem 1rem; border: 1px solid var(--rule); border-left: 5px solid var(--soft); border-radius: 6px; background: var(--raised); break-inside: avoid-page; }
.finding.integrity, .finding.unknown { border-left-color: var(--high); }
.finding.incomplete { border-left-color: var(--medium); }
.finding h3 { margin: 0 0 0.25rem; font-size: 1rem; }
.finding h3 small { color: var(--soft); font-weight: 400; }
.finding p { color: var(--ink); margin: 0; }
.finding .remedy { color: var(--soft); }
.finding ul { margin: 0.4rem 0; padding-left: 1.2rem; }
.finding li { overflow-wrap: anywhere; }
.finding li > code { display: block; color: var(--soft); }
.finding li ul { border-left: 2px solid var(--rule); list-style: none; padding-left: 0.75rem; }
.legend { margin: 0.5rem 0 0; }
.legend span { white-space: nowrap; margin-right: 1rem; }
.legend i { display: inline-block; width: 0.8rem; height: 0.8rem; margin-right: 0.35rem; border-radius: 2px; vertical-align: -1px; }
@media (max-width: 40rem) {
  body { padding: 1rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 0.5rem; }
  .layer { grid-template-columns: 1fr; }
  .layer .note { grid-column: 1; }
  .lane { grid-template-columns: 1fr auto; }
  .lane .track { grid-row: 2; grid-column: 1 / 3; }
  .lane.below { display: block; }
  .axis :nth-child(even) { display: none; }
}
@page { margin: 15mm; }
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --raised: #fff; --ink: #000; --soft: #444; --rule: #bbb;
    --high: #b3261e; --medium: #96590a; --low: #2a6496;
  }
  body { padding: 0; max-width: none; font-size: 10pt; }
}
`
