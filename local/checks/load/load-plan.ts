/** Kinds of phase in a run. */
export const PHASE_KINDS = ['warmUp', 'calm', 'outage', 'draining', 'badInput'] as const
export type PhaseKind = (typeof PHASE_KINDS)[number]

/** A phase of fixed length; an outage is followed by draining, which takes as long as it takes. */
export interface PlannedPhase {
  readonly kind: Exclude<PhaseKind, 'draining'>
  readonly seconds: number
}

/** Disturbed phases alternate with calm ones, so that drift affects both alike. */
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

/** Each kind once, as short as possible: to see whether anything is lost, not to measure. */
export const QUICK_PLAN: readonly PlannedPhase[] = [
  { kind: 'warmUp', seconds: 3 },
  { kind: 'calm', seconds: 2 },
  { kind: 'outage', seconds: 4 },
  { kind: 'badInput', seconds: 4 },
]
