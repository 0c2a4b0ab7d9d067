import { instant } from '../../shared/domain/identifiers.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import type { JsonObject } from '../../shared/encoding/json.ts'
import type { Identity } from '../../shared/graph/respond/identity.ts'
import type { Outcome } from '../../shared/graph/respond/perform.ts'
import type { Plan, Subject } from '../../shared/graph/respond/plan.ts'
import { type Refusal, refusalText } from '../../shared/graph/respond/refusal.ts'
import type { ResponseActionName } from '../../shared/graph/respond/response-action.ts'
import { plain } from '../text/plain.ts'
import { table } from '../text/table.ts'

/** What each action does, as in `Disable 2 identities`. */
export const VERB: Readonly<Record<ResponseActionName, string>> = {
  'confirm-compromised': 'confirm as compromised',
  dismiss: 'dismiss the risk',
  'confirm-safe': 'confirm as safe',
  disable: 'disable',
  enable: 'enable',
  'remove-credential': 'remove the credential',
}

/** How one of the named identities ended. */
export type IdentityResponse =
  | { readonly result: 'planned' | 'unchanged' | 'refused' | 'notTried'; readonly plan: Plan }
  | { readonly result: 'done' | 'failed'; readonly plan: Plan; readonly outcome: Outcome }

const identityOf = (plan: Plan): Identity | undefined =>
  plan.status === 'refused' ? plan.identity : plan.subject.identity

export const refusalOf = (response: IdentityResponse): Refusal | undefined =>
  'outcome' in response
    ? response.outcome.refusal
    : response.plan.status === 'refused'
      ? response.plan.refusal
      : undefined

const nameOf = (plan: Plan): string => plain(identityOf(plan)?.displayName ?? plan.asked)

function stateOf({ identity, risk, credential }: Subject, isRisk: boolean): string {
  const { enabled, isDeleted, isDisabledByMicrosoft } = identity
  const account = isDeleted
    ? 'deleted'
    : isDisabledByMicrosoft
      ? 'disabled by Microsoft'
      : enabled === false
        ? 'disabled'
        : 'enabled'
  const parts = [account]
  if (isRisk) parts.push(risk === undefined ? 'not at risk' : `${plain(risk.state)}, ${plain(risk.level)}`)
  if (credential !== undefined) {
    const { type, displayName, holder, endMs } = credential
    const name = displayName === undefined ? '' : ` ${JSON.stringify(plain(displayName))}`
    const on = holder.set === 'applications' ? 'application' : 'service principal'
    const end = endMs === undefined ? '' : ` until ${isoInstant(instant(endMs)).slice(0, 10)}`
    parts.push(`${type}${name} on the ${on}${end}`)
  }
  return parts.join(', ')
}

function reasons(responses: readonly IdentityResponse[]): readonly string[] {
  return responses.flatMap((response) => {
    const refusal = refusalOf(response)
    if (refusal === undefined) return []
    const { plan } = response
    return [
      `${nameOf(plan)}: ${refusalText(refusal)}`,
      ...(refusal.kind === 'ambiguous'
        ? refusal.candidates.map(({ id, appId }) => `  ${id}  application ${appId ?? '-'}`)
        : []),
    ]
  })
}

/** What will be done, for people. */
export function plansText(plans: readonly Plan[], action: ResponseActionName, isRisk: boolean): string {
  const rows = plans.map((plan) => [
    nameOf(plan),
    identityOf(plan)?.id ?? '-',
    plan.status === 'refused' ? '-' : stateOf(plan.subject, isRisk),
    plan.status === 'planned'
      ? VERB[action]
      : plan.status === 'unchanged'
        ? 'nothing: it is so already'
        : 'nothing: refused',
  ])
  const refused = plans.map((plan): IdentityResponse => ({ result: 'refused', plan }))
  return [...table([['IDENTITY', 'ID', 'NOW', 'WILL'], ...rows]), ...reasons(refused), ''].join('\n')
}

const WORDS = { done: 'done', failed: 'failed', notTried: 'not tried' } as const

/** What was done, for people. */
export function responsesText(responses: readonly IdentityResponse[]): string {
  const tried = responses.filter(({ plan }) => plan.status === 'planned')
  const rows = tried.map((response) => [
    response.result in WORDS ? WORDS[response.result as keyof typeof WORDS] : response.result,
    nameOf(response.plan),
    identityOf(response.plan)?.id ?? '-',
    'outcome' in response && response.outcome.requestId !== undefined
      ? `request ${response.outcome.requestId}`
      : '',
  ])
  return [...table(rows), ...reasons(tried.filter((response) => 'outcome' in response)), ''].join('\n')
}

/** One identity for programs. */
export function responseJson(response: IdentityResponse): JsonObject {
  const { plan, result } = response
  const identity = identityOf(plan)
  const subject = plan.status === 'refused' ? undefined : plan.subject
  const refusal = refusalOf(response)
  return {
    asked: plan.asked,
    id: identity?.id ?? null,
    type: identity?.type ?? null,
    displayName: identity?.displayName ?? null,
    enabled: identity?.enabled ?? null,
    ...(subject?.risk === undefined ? {} : { risk: { ...subject.risk } }),
    result,
    ...('outcome' in response ? { requestId: response.outcome.requestId ?? null } : {}),
    ...(refusal === undefined
      ? {}
      : { why: refusal.kind === 'graph' ? refusal.fault.kind : refusal.kind, message: refusalText(refusal) }),
    ...(refusal?.kind === 'ambiguous' ? { candidates: refusal.candidates.map(({ id }) => id) } : {}),
  }
}
