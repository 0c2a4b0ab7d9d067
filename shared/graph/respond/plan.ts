import type { GraphClient } from '../graph-client.ts'
import { applicationOf, type Credential, hasFederatedCredential, isLastValid } from './credentials.ts'
import { findIdentity, type Identity } from './identity.ts'
import { type Read, read, unread } from './read.ts'
import type { Refusal } from './refusal.ts'
import { isRiskAction, type ResponseAction } from './response-action.ts'
import { isAlready, type Risk, riskOf } from './risk.ts'

/** An identity, and the state that an action changes. */
export interface Subject {
  readonly identity: Identity
  /** For actions on risk; `undefined` if it was never at risk. */
  readonly risk?: Risk | undefined
  /** For `remove-credential`. */
  readonly credential?: Credential
}

/** What an action would do to one of the named identities. */
export type Plan =
  | { readonly status: 'planned'; readonly asked: string; readonly subject: Subject }
  /** Already in the requested state. */
  | { readonly status: 'unchanged'; readonly asked: string; readonly subject: Subject }
  | {
      readonly status: 'refused'
      readonly asked: string
      readonly identity: Identity | undefined
      readonly refusal: Refusal
    }

export interface PlanDeps {
  readonly client: GraphClient
  readonly now: () => number
}

type Seen = Read<{ readonly subject: Subject; readonly isAlready: boolean }>

async function removal(
  identity: Identity,
  { keyId, force }: Extract<ResponseAction, { readonly name: 'remove-credential' }>,
  { client, now }: PlanDeps,
  signal: AbortSignal,
): Promise<Seen> {
  const { appId } = identity
  const application = appId === undefined ? read(undefined) : await applicationOf(client, appId, signal)
  if (!application.ok) return application
  const all = [...identity.credentials, ...(application.value?.credentials ?? [])]
  const credential = all.find((one) => one.keyId === keyId)
  if (credential === undefined) return unread({ kind: 'noSuchCredential' })
  const isLast =
    !force &&
    identity.enabled !== false &&
    isLastValid(credential, all, now()) &&
    !(application.value !== undefined && (await hasFederatedCredential(client, application.value.id, signal)))
  return isLast
    ? unread({ kind: 'lastCredential' })
    : read({ subject: { identity, credential }, isAlready: false })
}

async function seen(
  identity: Identity,
  action: ResponseAction,
  deps: PlanDeps,
  signal: AbortSignal,
): Promise<Seen> {
  const { name } = action
  if (action.name === 'remove-credential') return removal(identity, action, deps, signal)
  if (!isRiskAction(name))
    return read({ subject: { identity }, isAlready: identity.enabled === (name === 'enable') })
  if (name === 'confirm-safe' && identity.type !== 'agent') return unread({ kind: 'notAnAgent' })
  const risk = await riskOf(deps.client, identity, signal)
  return risk.ok
    ? read({ subject: { identity, risk: risk.value }, isAlready: isAlready(name, risk.value) })
    : risk
}

/** Looks up an identity and plans the action; changes nothing. */
export async function planFor(
  asked: string,
  action: ResponseAction,
  deps: PlanDeps,
  signal: AbortSignal,
): Promise<Plan> {
  const found = await findIdentity(deps.client, asked, isRiskAction(action.name), signal)
  if (!found.ok) return { status: 'refused', asked, identity: undefined, refusal: found.refusal }
  const state = await seen(found.value, action, deps, signal)
  if (!state.ok) return { status: 'refused', asked, identity: found.value, refusal: state.refusal }
  const { subject, isAlready: isSo } = state.value
  return { status: isSo ? 'unchanged' : 'planned', asked, subject }
}

/** Plans for all named identities; one plan for an identity that is named twice. */
export async function planAll(
  asked: readonly string[],
  action: ResponseAction,
  deps: PlanDeps,
  onPlanned: (planned: number) => void,
  signal: AbortSignal,
): Promise<readonly Plan[]> {
  const plans: Plan[] = []
  const known = new Set<string>()
  for (const [i, word] of asked.entries()) {
    if (signal.aborted) break
    const plan = await planFor(word, action, deps, signal)
    const id = plan.status === 'refused' ? plan.identity?.id : plan.subject.identity.id
    if (id === undefined || !known.has(id)) plans.push(plan)
    if (id !== undefined) known.add(id)
    onPlanned(i + 1)
    // Not signed in: every other plan would fail too.
    if (isUnauthorized(plan)) break
  }
  return plans
}

/** Whether the plan failed because Graph rejected the sign-in. */
export const isUnauthorized = (plan: Plan): boolean =>
  plan.status === 'refused' && plan.refusal.kind === 'graph' && plan.refusal.fault.kind === 'unauthorized'
