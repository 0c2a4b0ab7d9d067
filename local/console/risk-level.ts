/** The levels that the page tells apart; what Microsoft may add is `other`. */
export const RISK_LEVELS = ['high', 'medium', 'hidden', 'other', 'low', 'none'] as const
export type RiskLevel = (typeof RISK_LEVELS)[number]

/** Which mark a level gets, whatever its case. An absent level is `other`: it is not `none`. */
export function riskLevel(level: string | undefined): RiskLevel {
  const known = level?.toLowerCase()
  return RISK_LEVELS.find((name) => name === known) ?? 'other'
}

/**
 * 0 for what needs eyes first. A level that is hidden or unknown stands between medium and low: it
 * may be anything.
 */
export const riskRank = (level: string | undefined): number => RISK_LEVELS.indexOf(riskLevel(level))

/** Whether a state still asks for somebody. */
export const isOpen = (state: string | undefined): boolean =>
  state !== undefined && /^(?:atrisk|confirmedcompromised)$/i.test(state)
