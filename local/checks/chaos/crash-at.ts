import {
  FAILPOINTS,
  type Failpoint,
  type ReachFailpoint,
  SEAL_FAILPOINTS,
} from '../../../shared/delivery/failpoint.ts'

const ALL_FAILPOINTS: readonly Failpoint[] = [...FAILPOINTS, ...SEAL_FAILPOINTS]

/** The failpoint after which a process crashes, and at which pass. */
export interface CrashAt {
  readonly step: Failpoint
  readonly nth: number
}

/**
 * Parses CRASH_AT: `<failpoint>[:<nth>]`.
 * @throws Error that lists the failpoints if it is unknown
 */
export function readCrashAt(setting: string): CrashAt {
  const [name, times = '1'] = setting.split(':')
  const step = ALL_FAILPOINTS.find((s) => s === name)
  const nth = Number(times)
  if (step === undefined || !Number.isInteger(nth) || nth < 1)
    throw new Error(
      `CRASH_AT: expected <step> or <step>:<nth>, with a step out of ${ALL_FAILPOINTS.join(', ')}.`,
    )
  return { step, nth }
}

/** @param die ends the process at once and never returns */
export function dieAtStep({ step, nth }: CrashAt, die: () => void): ReachFailpoint {
  let passed = 0
  return (now) => {
    if (now !== step) return
    passed++
    if (passed === nth) die()
  }
}
