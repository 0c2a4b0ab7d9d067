import type { Settings } from './app/process-environment.ts'
import type { AppCore, RegisteredFunction } from './core/core-api.ts'
import type { InvocationOutcome, TriggerInput } from './core/invoke.ts'
import type { HostLog } from './host-log.ts'
import type { HostTime } from './host-time.ts'
import type { HostConfig } from './parse-host-json.ts'

/** What the host runs by, beyond its clock; the defaults are in `host-tuning.ts`. */
export interface HostTuning {
  /** A claim of a partition that is not renewed for so long may be taken by another host. */
  readonly ownershipExpiryMs: number
  /** How often claims are renewed and free partitions looked for. */
  readonly loadBalancingMs: number
  /** No pause of a retry policy is longer. */
  readonly maxRetryDelayMs: number
  /** The pauses between polls of an empty queue grow from the first to the second. */
  readonly minQueuePollMs: number
  readonly maxQueuePollMs: number
  /** A queue message is invisible for so long while it is run; renewed at half of it. */
  readonly queueInvisibilityMs: number
  /** A longer HTTP request body is refused with 413. */
  readonly maxHttpBodyBytes: number
}

/** What every listener of one host shares. */
export interface HostContext {
  readonly core: AppCore
  readonly config: HostConfig
  readonly settings: Settings
  readonly tuning: HostTuning
  readonly time: HostTime
  /** In [0, 1). */
  readonly random: () => number
  readonly log: HostLog
  /** Runs a function once; a failure is logged and given back. */
  readonly invoke: (registered: RegisteredFunction, input: TriggerInput) => Promise<InvocationOutcome>
}
