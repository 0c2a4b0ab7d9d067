import type { SinkOutcomes } from '../../verify/sink-check.ts'
import type { Verdict } from '../../verify/verify.ts'
import { type CauseCounts, NO_DUPLICATES } from './causes.ts'
import { explainDuplicates } from './explain-duplicates.ts'
import type { RunHistory } from './history.ts'

/** Outcomes at one sink, and why some events were received more than once. */
export interface ExplainedOutcomes {
  readonly delivered: number
  readonly duplicates: number
  readonly deadLettered: number
  readonly duplicatesBy: CauseCounts
}

type Counted = Pick<Verdict, 'records' | 'archived' | 'lost' | 'problems'>

/** The parts of a verdict that are used. */
export interface UnexplainedVerdict extends Counted {
  readonly sinks: ReadonlyMap<string, Pick<SinkOutcomes, 'received' | 'distinct' | 'deadLettered'>>
}

export interface ExplainedVerdict extends Counted {
  readonly sinks: ReadonlyMap<string, ExplainedOutcomes>
}

/** A verdict with each duplicate explained; one without a cause is a problem of the run. */
export function explainRun(
  { records, archived, lost, ...verdict }: UnexplainedVerdict,
  history: RunHistory,
): ExplainedVerdict {
  const problems = [...verdict.problems]
  const sinks = new Map<string, ExplainedOutcomes>()
  for (const [name, { received, distinct, deadLettered }] of verdict.sinks) {
    const duplicates = received - distinct
    const told = history.sinks.find(({ sink }) => sink === name)
    const explained = told && explainDuplicates(told, history)
    const duplicatesBy = explained?.duplicatesBy ?? NO_DUPLICATES
    const unexplained = explained?.problems ?? []
    const { answerLost, ranAgain, repeatedInStream } = duplicatesBy
    const counted = answerLost + ranAgain + repeatedInStream + unexplained.length
    if (counted !== duplicates)
      problems.push(`${name} holds ${duplicates} duplicates, of which ${counted} were seen to land`)
    problems.push(...unexplained)
    sinks.set(name, { delivered: distinct, duplicates, deadLettered, duplicatesBy })
  }
  return { records, archived, lost, sinks, problems }
}
