import type { Instant } from '../../domain/identifiers.ts'
import type { Api } from './api.ts'
import type { BlockingPolicy } from './policy.ts'
import type { SettledFault } from './reading.ts'

/** Short enough that a policy made during an incident counts for the next identity. */
const MAX_AGE_MS = 15 * 60_000
/** Microsoft Graph's app roles, the largest, take some 100 kB. */
const MAX_APIS = 50

/** Keeps values for a while, the newest ones up to a number. */
class Kept<T> {
  readonly #values = new Map<string, { readonly at: Instant; readonly value: T }>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  get(key: string, now: Instant): T | undefined {
    const kept = this.#values.get(key)
    return kept === undefined || now - kept.at > MAX_AGE_MS ? undefined : kept.value
  }

  put(key: string, value: T, now: Instant): void {
    this.#values.delete(key)
    this.#values.set(key, { at: now, value })
    const [oldest] = this.#values.keys()
    if (this.#values.size > this.#max && oldest !== undefined) this.#values.delete(oldest)
  }
}

/** Policies, or why they cannot be read. */
export type Policies = readonly BlockingPolicy[] | SettledFault

/** What all identities of the tenant share: policies, and the APIs that permissions are for. */
export class PolicyCache {
  /** By API version. */
  readonly policies = new Kept<Policies>(2)
  /** By object id of the API's service principal. */
  readonly apis = new Kept<Api>(MAX_APIS)
}
