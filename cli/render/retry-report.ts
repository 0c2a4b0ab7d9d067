import { counted } from '../../shared/domain/duration.ts'
import type { RetryReport } from '../../shared/operations/retry-dead-letters.ts'
import type { Suggest } from '../text/suggest.ts'

/** A retry's result in numbers. */
export interface RetryTally {
  readonly retried: number
  readonly stillFaulty: number
  readonly unwanted: number
  readonly sinksOff: readonly string[]
}

export const EMPTY_RETRY_TALLY: RetryTally = { retried: 0, stillFaulty: 0, unwanted: 0, sinksOff: [] }

export const addRetries = (tally: RetryTally, report: RetryReport): RetryTally => ({
  retried: tally.retried + report.retried.length,
  stillFaulty: tally.stillFaulty + report.stillFaulty.length,
  unwanted: tally.unwanted + report.unwanted.length,
  sinksOff: [...new Set([...tally.sinksOff, ...report.sinksOff])],
})

/** `dead-letters retry` for people. */
export function retryText(
  { retried, stillFaulty, unwanted, sinksOff }: RetryTally,
  suggest: Suggest,
): string {
  const lines = [
    retried === 0
      ? 'Nothing was queued.'
      : `${counted(retried, 'dead letter')} queued: ${suggest('status')} shows how many are left.`,
  ]
  if (stillFaulty > 0)
    lines.push(
      `${counted(stillFaulty, 'record')} still cannot be read or normalised: \`${suggest('dead-letters', 'show', 'ID')}\` shows why.`,
    )
  if (unwanted > 0)
    lines.push(`${counted(unwanted, 'record')} of categories that the settings filter out at every sink.`)
  for (const sink of sinksOff)
    lines.push(`The sink ${sink} is switched off in the settings: they stay pending until it is switched on.`)
  return `${lines.join('\n')}\n`
}
