import { FAILPOINTS, type Failpoint, type ReachFailpoint } from '../../../shared/delivery/failpoint.ts'

/** After which failpoint, and at which passing of it, a process is to die. */
export interface CrashAt {
  readonly step: Failpoint
  readonly nth: number
}

/**
 * Reads `<step>[:<nth>]`, the form of CRASH_AT.
 * @throws Error that lists the steps, for one that is none
 */
export function readCrashAt(setting: string): CrashAt {
  const [name, times = '1'] = setting.split(':')
  const step = FAILPOINTS.find((s) => s === name)
  const nth = Number(times)
  if (step === undefined || !Number.isInteger(nth) || nth < 1)
    throw new Error(`CRASH_AT: expected <step> or <step>:<nth>, with a step out of ${FAILPOINTS.join(', ')}.`)
  return { step, nth }
}

/** @param die ends the process at once; it does not come back */
export function dieAtStep({ step, nth }: CrashAt, die: () => void): ReachFailpoint {
  let passed = 0
  return (now) => {
    if (now !== step) return
    passed++
    if (passed === nth) die()
  }
}
