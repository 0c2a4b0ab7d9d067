import type { HostTime } from '../host-time.ts'
import type { InvocationOutcome } from './invoke.ts'
import { type RetryPolicy, retryDelayMs } from './retry-policy.ts'
import type { RpcRetryContext } from './rpc-data.ts'

export interface RetryLoop {
  readonly policy: RetryPolicy | undefined
  readonly attempt: (retryContext?: RpcRetryContext) => Promise<InvocationOutcome>
  readonly sleep: HostTime['sleep']
  readonly random: () => number
  /** Ends the loop between attempts: the host stops, or the input is no longer ours. */
  readonly interrupted: AbortSignal
  /** Upper limit of a delay, whatever the policy: local runs need not wait five minutes. */
  readonly maxDelayMs: number
  readonly onRetry: (error: Error, delayMs: number, retry: number) => void
}

/**
 * Repeats an attempt with the same input until it succeeds, the policy is exhausted or the loop is
 * interrupted; returns the last outcome. With a policy, the function gets a retry context from the
 * first attempt on. Source: FunctionExecutorExtensions in
 * https://github.com/Azure/azure-webjobs-sdk
 */
export async function runWithRetries(loop: RetryLoop): Promise<InvocationOutcome> {
  const { policy } = loop
  if (policy === undefined) return loop.attempt()
  const { maxRetryCount } = policy
  let outcome = await loop.attempt({ retryCount: 0, maxRetryCount })
  for (let retry = 1; !outcome.ok && (maxRetryCount === -1 || retry <= maxRetryCount); retry++) {
    const delayMs = Math.min(retryDelayMs(policy, retry, loop.random), loop.maxDelayMs)
    loop.onRetry(outcome.error, delayMs, retry)
    await loop.sleep(delayMs, loop.interrupted)
    if (loop.interrupted.aborted) break
    outcome = await loop.attempt({ retryCount: retry, maxRetryCount, exception: exception(outcome.error) })
  }
  return outcome
}

function exception(error: Error): NonNullable<RpcRetryContext['exception']> {
  return { message: error.message, source: '', stackTrace: error.stack ?? '' }
}
