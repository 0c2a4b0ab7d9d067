import { errorCode } from '../../azure/error-code.ts'
import { lacksToken } from '../../azure/lacks-token.ts'
import type { Time } from '../../domain/time.ts'
import { ABORTED, untilAborted } from '../../domain/until-aborted.ts'

/** What one check found, and what to do about it. */
export interface Verdict {
  readonly level: 'ok' | 'warn' | 'fail'
  /** What was observed: no secret, no record's content. */
  readonly says: string
  /** What to do, if anything. */
  readonly fix?: string
  /** What to apply the fix to, verbatim: one fix may apply to several. */
  readonly fixOn?: string
  /** What the check could not run without; a check of its own reports that it is missing. */
  readonly lacks?: 'token'
}

/** One thing to check, by the nearest harmless thing to using it. */
export interface Probe {
  readonly area: string
  readonly name: string
  readonly run: (signal: AbortSignal) => Promise<Verdict>
}

export type Finding = Verdict & Pick<Probe, 'area' | 'name'>

const PROBE_TIMEOUT_MS = 20_000

/** Runs all probes concurrently; what a probe throws is a finding too. */
export const diagnose = (probes: readonly Probe[], time: Pick<Time, 'limit'>): Promise<readonly Finding[]> =>
  Promise.all(
    probes.map(async ({ area, name, run }) => {
      const { signal, end } = time.limit(PROBE_TIMEOUT_MS)
      // Not every client honours its signal.
      const verdict = await untilAborted(run(signal).catch(brokenProbe), signal).finally(end)
      return { area, name, ...(verdict === ABORTED ? LATE : verdict) }
    }),
  )

const LATE: Verdict = {
  level: 'fail',
  says: `No answer within ${PROBE_TIMEOUT_MS / 1000} seconds.`,
  fix: 'Check the name, and whether this machine can reach it: firewall, private endpoint, DNS.',
}

/** For checks that need a token; the identity check says what to do. */
export const NO_TOKEN: Verdict = { level: 'fail', says: 'Not checked: there is no token.', lacks: 'token' }

/** Name and code of an error; its text may quote the request. */
function brokenProbe(error: unknown): Verdict {
  if (lacksToken(error)) return NO_TOKEN
  const name = error instanceof Error ? error.name : typeof error
  const code = errorCode(error)
  return {
    level: 'fail',
    says: `It could not be checked: ${name}${code === undefined ? '' : ` (${code})`}.`,
    fix: 'Check the name, the network rules and the roles.',
  }
}
