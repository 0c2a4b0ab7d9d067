import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { InvocationOutcome } from '../../../../local/emulators/functions-host/core/invoke.ts'
import { runWithRetries } from '../../../../local/emulators/functions-host/core/retry-loop.ts'
import {
  type RetryPolicy,
  retryDelayMs,
  retryPolicy,
} from '../../../../local/emulators/functions-host/core/retry-policy.ts'

const succeeded: InvocationOutcome = { ok: true, response: { invocationId: '' } }
const failed = (message: string): InvocationOutcome => ({ ok: false, error: new Error(message) })

/**
 * Runs a function that fails `failures` times under a policy; gives what it saw and how long the
 * pauses were.
 */
async function run(
  policy: RetryPolicy | undefined,
  failures: number,
  interruptAfter = Number.POSITIVE_INFINITY,
) {
  const seen: unknown[] = []
  const pausesMs: number[] = []
  const interrupted = new AbortController()
  const outcome = await runWithRetries({
    policy,
    attempt: async (retryContext) => {
      seen.push(retryContext?.retryCount)
      return seen.length <= failures ? failed(`failure ${seen.length}`) : succeeded
    },
    sleep: async (delayMs) => {
      pausesMs.push(delayMs)
      if (pausesMs.length >= interruptAfter) interrupted.abort()
    },
    random: () => 0.5,
    interrupted: interrupted.signal,
    maxDelayMs: 60_000,
    onRetry: () => undefined,
  })
  return { outcome, seen, pausesMs }
}

const fixed = (maxRetryCount: number): RetryPolicy => ({
  strategy: 'fixedDelay',
  maxRetryCount,
  delayMs: 1_000,
})
const exponential: RetryPolicy = {
  strategy: 'exponentialBackoff',
  maxRetryCount: -1,
  minimumMs: 5_000,
  maximumMs: 300_000,
}

describe('the retry loop', () => {
  it('runs once without a policy, and gives no retry context', async () => {
    expect(await run(undefined, 1)).toMatchObject({ outcome: { ok: false }, seen: [undefined], pausesMs: [] })
  })

  it('runs maxRetryCount times more, then gives the last failure', async () => {
    const { outcome, seen, pausesMs } = await run(fixed(2), 9)
    expect(seen).toEqual([0, 1, 2])
    expect(pausesMs).toEqual([1_000, 1_000])
    expect(outcome).toMatchObject({ ok: false, error: { message: 'failure 3' } })
  })

  it('goes on until success with -1', async () => {
    const { outcome, seen } = await run(fixed(-1), 50)
    expect(outcome).toEqual(succeeded)
    expect(seen).toHaveLength(51)
  })

  it('ends without another attempt when it is interrupted in a pause', async () => {
    expect(await run(fixed(-1), 50, 3)).toMatchObject({ outcome: { ok: false }, seen: [0, 1, 2] })
  })

  it('never pauses longer than the host allows', async () => {
    const { pausesMs } = await run(exponential, 8)
    expect(pausesMs).toEqual([5_000, 10_000, 15_000, 25_000, 45_000, 60_000, 60_000, 60_000])
  })
})

describe('a retry policy', () => {
  it('is read as the library hands it over', () => {
    expect(
      retryPolicy({ retryStrategy: 'fixedDelay', maxRetryCount: 3, delayInterval: { seconds: 4 } }),
    ).toEqual({
      strategy: 'fixedDelay',
      maxRetryCount: 3,
      delayMs: 4_000,
    })
    const intervals = { minimumInterval: { seconds: 5 }, maximumInterval: { seconds: 300 } }
    expect(retryPolicy({ retryStrategy: 'exponentialBackoff', maxRetryCount: -1, ...intervals })).toEqual(
      exponential,
    )
  })

  it('stays between its intervals and spreads by a fifth at most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (retry, random) => {
          const delayMs = retryDelayMs(exponential, retry, () => random)
          const incrementMs = retry < 2 ? 0 : 2 ** (retry - 2) * 5_000
          expect(delayMs).toBeGreaterThanOrEqual(Math.min(5_000 + 0.8 * incrementMs, 300_000))
          expect(delayMs).toBeLessThanOrEqual(Math.min(5_000 + 1.2 * incrementMs, 300_000))
        },
      ),
    )
  })
})
