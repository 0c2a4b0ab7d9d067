import type { Settings } from './app/process-environment.ts'
import type { AppCore, RegisteredFunction } from './core/core-api.ts'
import type { InvocationOutcome, TriggerInput } from './core/invoke.ts'
import type { HostLog } from './host-log.ts'
import type { HostTime, ReadSchedule } from './host-time.ts'
import type { HostConfig } from './parse-host-json.ts'

/** Timing and limits of the host; defaults in `host-tuning.ts`. */
export interface HostTuning {
  /** Another host may take a partition whose claim has not been renewed for this long. */
  readonly ownershipExpiryMs: number
  /** Interval for renewing claims and looking for free partitions. */
  readonly loadBalancingMs: number
  /** Upper limit of a retry policy's delay. */
  readonly maxRetryDelayMs: number
  /** Delays between polls of an empty queue grow from this minimum to the maximum. */
  readonly minQueuePollMs: number
  readonly maxQueuePollMs: number
  /** How long a queue message is invisible while it is processed; renewed after half of it. */
  readonly queueInvisibilityMs: number
  /** Longer HTTP request bodies are refused with 413. */
  readonly maxHttpBodyBytes: number
}

/** Shared by all listeners of one host. */
export interface HostContext {
  readonly core: AppCore
  readonly config: HostConfig
  readonly settings: Settings
  readonly tuning: HostTuning
  readonly time: HostTime
  readonly readSchedule: ReadSchedule
  /** In [0, 1). */
  readonly random: () => number
  readonly log: HostLog
  /** Invokes a function once; logs and returns a failure. */
  readonly invoke: (registered: RegisteredFunction, input: TriggerInput) => Promise<InvocationOutcome>
}
