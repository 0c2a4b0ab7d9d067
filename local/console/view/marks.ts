import { type Html, html } from '../../../shared/encoding/html.ts'
import { type RiskLevel, riskLevel } from '../risk-level.ts'

/** Shapes of 16 × 16, one per level: levels differ by shape and word, never by colour alone. */
const SHAPES: Readonly<Record<RiskLevel, Html>> = {
  high: html`<path d="M8 .8 15.2 8 8 15.2 .8 8Z"/>`,
  medium: html`<path d="M8 1.6 15.2 14.4H.8Z"/>`,
  low: html`<circle cx="8" cy="8" r="5.6"/>`,
  none: html`<circle cx="8" cy="8" r="4.8" fill="none" stroke="currentColor" stroke-width="1.8"/>`,
  hidden: html`<path d="M2.4 2.4h11.2v11.2H2.4ZM3 13 13 3" fill="none" stroke="currentColor" stroke-width="1.8"/>`,
  other: html`<path d="M2.4 2.4h11.2v11.2H2.4Z" fill="none" stroke="currentColor" stroke-width="1.8" stroke-dasharray="2.6 1.9"/>`,
}

/** The shapes that all marks refer to; once per page. */
export const markSprite = (): Html =>
  html`<svg class="sprite" aria-hidden="true">${Object.entries(SHAPES).map(
    ([level, shape]) => html`<symbol id="mark-${level}" viewBox="0 0 16 16">${shape}</symbol>`,
  )}</svg>`

/** The shape of a level, hidden from screen readers: the word is next to it. */
export const mark = (level: string | undefined): Html => {
  const name = riskLevel(level)
  return html`<svg class="mark level-${name}" width="16" height="16" aria-hidden="true"><use href="#mark-${name}"/></svg>`
}

/** The level as a word, as Microsoft sent it. */
export const levelWord = (level: string | undefined): string => level ?? 'not stated'

export const levelBadge = (level: string | undefined): Html =>
  html`<span class="level level-${riskLevel(level)}">${mark(level)}<span>${levelWord(level)}</span></span>`
