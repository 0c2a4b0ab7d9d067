import { isJsonObject, type Json } from '../../encoding/json.ts'
import type { Finding } from './finding.ts'

/** The write protection of a container: an immutability policy of Azure Storage. */
export interface ContainerPolicy {
  readonly container: string
  /** `unread`: it may have one. */
  readonly state: 'locked' | 'unlocked' | 'none' | 'unread'
}

/**
 * A policy as Azure Resource Manager answers, or as `az storage container immutability-policy show`
 * prints it; `undefined` for anything else.
 * https://learn.microsoft.com/rest/api/storagerp/blob-containers/get-immutability-policy
 */
export function policyIn(value: Json): ContainerPolicy | undefined {
  if (!isJsonObject(value)) return undefined
  const { id } = value
  const stated = isJsonObject(value['properties']) ? value['properties'] : value
  const { state, immutabilityPeriodSinceCreationInDays: days } = stated
  const container =
    typeof id === 'string' ? /\/containers\/([^/]+)\/immutabilityPolicies\//i.exec(id)?.[1] : undefined
  if (container === undefined || (state !== 'Locked' && state !== 'Unlocked')) return undefined
  if (state === 'Locked') return { container, state: 'locked' }
  // Where there is no policy, an unlocked one of no days is told.
  return { container, state: days === 0 ? 'none' : 'unlocked' }
}

/** The policy in a file; `undefined` if it is none. */
export function parsePolicy(content: Buffer): ContainerPolicy | undefined {
  try {
    return policyIn(JSON.parse(content.toString('utf8')))
  } catch {
    return undefined
  }
}

const UNPROTECTED = {
  none: { class: 'POLICY_UNLOCKED', detail: 'no immutability policy' },
  unlocked: { class: 'POLICY_UNLOCKED', detail: 'its immutability policy is not locked' },
  unread: { class: 'POLICY_NOT_READ', detail: 'Azure Resource Manager did not tell' },
} as const

/** What policies say against the write protection of their containers. */
export const policyFindings = (policies: readonly ContainerPolicy[]): readonly Finding[] =>
  policies.flatMap(({ container, state }) =>
    state === 'locked' ? [] : [{ subject: container, ...UNPROTECTED[state] }],
  )
