/** What a phase of the run is like. */
export const PHASE_KINDS = ['warmUp', 'calm', 'outage', 'draining', 'badInput'] as const
export type PhaseKind = (typeof PHASE_KINDS)[number]

/**
 * A phase whose end is known before it begins; an outage is followed by a draining, which takes
 * what it takes.
 */
export interface PlannedPhase {
  readonly kind: Exclude<PhaseKind, 'draining'>
  readonly seconds: number
}

/** Trouble between calm phases, so that whatever drifts meets both alike. */
export const LOAD_PLAN: readonly PlannedPhase[] = [
  { kind: 'warmUp', seconds: 20 },
  { kind: 'calm', seconds: 12 },
  { kind: 'outage', seconds: 30 },
  { kind: 'calm', seconds: 12 },
  { kind: 'outage', seconds: 30 },
  { kind: 'calm', seconds: 12 },
  { kind: 'badInput', seconds: 24 },
  { kind: 'calm', seconds: 12 },
]

/**
 * Each kind once, as short as it can be: to see whether anything is lost, not how long it takes.
 */
export const QUICK_PLAN: readonly PlannedPhase[] = [
  { kind: 'warmUp', seconds: 3 },
  { kind: 'calm', seconds: 2 },
  { kind: 'outage', seconds: 4 },
  { kind: 'badInput', seconds: 4 },
]
