import { type Fault, sinkFault, transientFault } from '../domain/fault.ts'
import type { Time } from '../domain/time.ts'
import { ABORTED, untilAborted } from '../domain/until-aborted.ts'

/** A dependency that must answer for the program to work. */
export interface Checked {
  readonly name: string
  readonly check: (signal: AbortSignal) => Promise<Fault | undefined>
  /** What to know of it although it may answer. */
  readonly warning?: string | undefined
}

/** What the health endpoint reports about a dependency; never a secret. */
export interface Health {
  readonly name: string
  readonly healthy: boolean
  readonly code?: string
  readonly message?: string
  readonly warning?: string
}

const CACHE_MS = 30_000
const TIMEOUT_MS = 5000

/** Checks everything concurrently, at most once in 30 seconds; writes no data. */
export function healthChecks(checked: readonly Checked[], time: Time): () => Promise<readonly Health[]> {
  let cached: { readonly atMs: number; readonly result: Promise<readonly Health[]> } | undefined
  return () => {
    const nowMs = time.monotonicMs()
    if (cached === undefined || nowMs - cached.atMs >= CACHE_MS) {
      cached = { atMs: nowMs, result: Promise.all(checked.map((one) => checkOne(one, time))) }
    }
    return cached.result
  }
}

async function checkOne(checked: Checked, time: Time): Promise<Health> {
  const { warning } = checked
  return { ...(await answerOf(checked, time)), ...(warning === undefined ? {} : { warning }) }
}

/** Whatever one check does, it yields one row: it neither hides nor delays the others. */
async function answerOf({ name, check }: Checked, time: Time): Promise<Health> {
  const { signal, end } = time.limit(TIMEOUT_MS)
  try {
    const fault = await untilAborted(check(signal), signal)
    if (fault === undefined) return { name, healthy: true }
    return fault === ABORTED ? unhealthy(name, LATE) : unhealthy(name, fault)
  } catch (error) {
    return unhealthy(name, defect(error))
  } finally {
    end()
  }
}

const unhealthy = (name: string, { code, message }: Fault): Health => ({
  name,
  healthy: false,
  code,
  message,
})

const LATE = transientFault('timeout', `The check got no answer within ${TIMEOUT_MS / 1000} seconds.`)

const defect = (error: unknown): Fault =>
  sinkFault(
    'internalFault',
    `The check met a defect of this program: ${error instanceof Error ? error.name : typeof error}. Please report it.`,
  )

/** What the health endpoint reports if the checks themselves cannot run. */
export const healthUnknown = (error: unknown): readonly Health[] => [unhealthy('app', defect(error))]
