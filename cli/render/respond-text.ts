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
export type Ending =
  | { readonly result: 'planned' | 'unchanged' | 'refused' | 'notTried'; readonly plan: Plan }
  | { readonly result: 'done' | 'failed'; readonly plan: Plan; readonly outcome: Outcome }

const identityOf = (plan: Plan): Identity | undefined =>
  plan.status === 'refused' ? plan.identity : plan.subject.identity

export const refusalOf = (ending: Ending): Refusal | undefined =>
  'outcome' in ending
    ? ending.outcome.refusal
    : ending.plan.status === 'refused'
      ? ending.plan.refusal
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

function reasons(endings: readonly Ending[]): readonly string[] {
  return endings.flatMap((ending) => {
    const refusal = refusalOf(ending)
    if (refusal === undefined) return []
    const { plan } = ending
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
  const refused = plans.map((plan): Ending => ({ result: 'refused', plan }))
  return [...table([['IDENTITY', 'ID', 'NOW', 'WILL'], ...rows]), ...reasons(refused), ''].join('\n')
}

const WORDS = { done: 'done', failed: 'failed', notTried: 'not tried' } as const

/** What was done, for people. */
export function endingsText(endings: readonly Ending[]): string {
  const tried = endings.filter(({ plan }) => plan.status === 'planned')
  const rows = tried.map((ending) => [
    ending.result in WORDS ? WORDS[ending.result as keyof typeof WORDS] : ending.result,
    nameOf(ending.plan),
    identityOf(ending.plan)?.id ?? '-',
    'outcome' in ending && ending.outcome.requestId !== undefined
      ? `request ${ending.outcome.requestId}`
      : '',
  ])
  return [...table(rows), ...reasons(tried.filter((ending) => 'outcome' in ending)), ''].join('\n')
}

/** One identity for programs. */
export function endingJson(ending: Ending): JsonObject {
  const { plan, result } = ending
  const identity = identityOf(plan)
  const subject = plan.status === 'refused' ? undefined : plan.subject
  const refusal = refusalOf(ending)
  return {
    asked: plan.asked,
    id: identity?.id ?? null,
    type: identity?.type ?? null,
    displayName: identity?.displayName ?? null,
    enabled: identity?.enabled ?? null,
    ...(subject?.risk === undefined ? {} : { risk: { ...subject.risk } }),
    result,
    ...('outcome' in ending ? { requestId: ending.outcome.requestId ?? null } : {}),
    ...(refusal === undefined
      ? {}
      : { why: refusal.kind === 'graph' ? refusal.fault.kind : refusal.kind, message: refusalText(refusal) }),
    ...(refusal?.kind === 'ambiguous' ? { candidates: refusal.candidates.map(({ id }) => id) } : {}),
  }
}
