import type { Fault } from '../domain/fault.ts'
import type { Time } from '../domain/time.ts'

/** One thing that must answer for the program to do its work. */
export interface Checked {
  readonly name: string
  readonly check: (signal: AbortSignal) => Promise<Fault | undefined>
}

/** What the health endpoint says of one of them: never a secret. */
export interface Health {
  readonly name: string
  readonly healthy: boolean
  readonly code?: string
  readonly message?: string
}

const CACHE_MS = 30_000
const TIMEOUT_MS = 5000

/** Checks everything side by side, at most once in 30 seconds; sends nothing that lands as data. */
export function healthChecks(checked: readonly Checked[], time: Time): () => Promise<readonly Health[]> {
  let cached: { readonly atMs: number; readonly result: Promise<readonly Health[]> } | undefined
  return () => {
    const nowMs = time.now()
    if (cached === undefined || nowMs - cached.atMs >= CACHE_MS) {
      cached = { atMs: nowMs, result: Promise.all(checked.map((one) => checkOne(one, time))) }
    }
    return cached.result
  }
}

async function checkOne({ name, check }: Checked, time: Time): Promise<Health> {
  const fault = await check(time.timeout(TIMEOUT_MS))
  return fault === undefined
    ? { name, healthy: true }
    : { name, healthy: false, code: fault.code, message: fault.message }
}
