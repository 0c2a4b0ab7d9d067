import type { RunVerdict, SinkEnd } from '../model/conservation.ts'
import { type CauseCounts, NO_DUPLICATES } from './causes.ts'
import { explainDuplicates } from './explain-duplicates.ts'
import type { RunStory } from './story.ts'

/** How the events ended at one sink, and why some of them landed more than once. */
export interface ExplainedEnd extends SinkEnd {
  readonly duplicatesBy: CauseCounts
}

export interface ExplainedVerdict extends RunVerdict {
  readonly sinks: ReadonlyMap<string, ExplainedEnd>
}

/** A verdict with its duplicates explained, one by one; each that has no cause is a problem of the run. */
export function explainRun(verdict: RunVerdict, story: RunStory): ExplainedVerdict {
  const problems = [...verdict.problems]
  const sinks = new Map<string, ExplainedEnd>()
  for (const [name, end] of verdict.sinks) {
    const told = story.sinks.find(({ sink }) => sink === name)
    const explained = told && explainDuplicates(told, story)
    const duplicatesBy = explained?.duplicatesBy ?? NO_DUPLICATES
    const unexplained = explained?.problems ?? []
    const { answerLost, ranAgain, repeatedInStream } = duplicatesBy
    const counted = answerLost + ranAgain + repeatedInStream + unexplained.length
    if (counted !== end.duplicates)
      problems.push(`${name} holds ${end.duplicates} duplicates, of which ${counted} were seen to land`)
    problems.push(...unexplained)
    sinks.set(name, { ...end, duplicatesBy })
  }
  return { ...verdict, sinks, problems }
}
