/** Levels that the page distinguishes; new ones are `other`. */
export const RISK_LEVELS = ['high', 'medium', 'hidden', 'other', 'low', 'none'] as const
export type RiskLevel = (typeof RISK_LEVELS)[number]

/** A level's mark, case-insensitive. An absent level is `other`, not `none`. */
export function riskLevel(level: string | undefined): RiskLevel {
  const known = level?.toLowerCase()
  return RISK_LEVELS.find((name) => name === known) ?? 'other'
}

/**
 * Sort rank, 0 for the most urgent. Hidden and unknown levels may be anything: between medium and
 * low.
 */
export const riskRank = (level: string | undefined): number => RISK_LEVELS.indexOf(riskLevel(level))

/** Whether a state still needs attention. */
export const isOpen = (state: string | undefined): boolean =>
  state !== undefined && /^(?:atrisk|confirmedcompromised)$/i.test(state)
