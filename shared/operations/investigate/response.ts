import type { Instant } from '../../domain/identifiers.ts'
import type { ResponseAction } from '../../domain/response-action.ts'

/** What an operator did. */
export interface Response {
  readonly at: Instant
  /** As in `respond`: `disable`, `remove-credential`. */
  readonly action: string
  readonly isDone: boolean
  readonly fault: string | undefined
  readonly reason: string | undefined
  /** Object id of the person. */
  readonly actorId: string | undefined
  readonly keyId: string | undefined
  readonly requestId: string | undefined
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** An archived action; whoever may send to the hub wrote it. */
export function responseOf({ lastUpdatedAt, response }: ResponseAction): Response {
  const { action, result, fault, reason, actorId, requestId, credential } = response
  const keyId =
    typeof credential === 'object' && credential !== null && 'keyId' in credential
      ? credential.keyId
      : undefined
  return {
    at: lastUpdatedAt,
    action: text(action) ?? 'unknown action',
    isDone: result === 'done',
    fault: text(fault),
    reason: text(reason),
    actorId: text(actorId),
    keyId: text(keyId)?.toLowerCase(),
    requestId: text(requestId),
  }
}

const DONE: Readonly<Record<string, string>> = {
  'confirm-compromised': 'confirmed as compromised',
  dismiss: 'risk dismissed',
  'confirm-safe': 'confirmed as safe',
  disable: 'disabled',
  enable: 'enabled',
  'remove-credential': 'credential removed',
}

/** What was done, or tried, in words. */
export function responseText({ action, isDone, keyId }: Response): string {
  const what = isDone ? (DONE[action] ?? action) : `${action} failed`
  return keyId === undefined ? what : `${what}: ${keyId}`
}
