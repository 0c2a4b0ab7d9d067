/** Reasons why a sink may receive an event again. */
export const CAUSES = ['answerLost', 'ranAgain', 'repeatedInStream'] as const
export type Cause = (typeof CAUSES)[number]

/** Number of duplicates per cause. */
export type CauseCounts = Readonly<Record<Cause, number>>

export const NO_DUPLICATES: CauseCounts = { answerLost: 0, ranAgain: 0, repeatedInStream: 0 }

export const addCauses = (a: CauseCounts, b: CauseCounts): CauseCounts => ({
  answerLost: a.answerLost + b.answerLost,
  ranAgain: a.ranAgain + b.ranAgain,
  repeatedInStream: a.repeatedInStream + b.repeatedInStream,
})
