import type { JsonObject } from '../../encoding/json.ts'
import type { GraphClient, GraphRequest } from '../graph-client.ts'
import type { GraphAnswer } from '../graph-fault.ts'
import { type Credential, withoutCertificate } from './credentials.ts'
import type { Identity } from './identity.ts'
import { type Needs, WRITE_AGENT, WRITE_DIRECTORY } from './needs.ts'
import type { Plan, Subject } from './plan.ts'
import { type Read, read, unread } from './read.ts'
import type { Refusal } from './refusal.ts'
import { GRAPH_ACTION, isRiskAction, type ResponseAction, type RiskActionName } from './response-action.ts'
import { RISK_AREA, type WorkloadType } from './risk.ts'

export type Planned = Extract<Plan, { readonly status: 'planned' }>

/** Result of a plan. */
export interface Outcome {
  readonly plan: Planned
  /** Why it failed; absent if it was done. */
  readonly refusal?: Refusal
  /** Whether a change was requested from Graph. */
  readonly wasSent: boolean
  readonly requestId: string | undefined
}

const TYPES = ['servicePrincipal', 'agent'] as const

function outcomeOf(plan: Planned, answer: GraphAnswer, needs: Needs): Outcome {
  const { requestId } = answer
  return answer.ok
    ? { plan, wasSent: true, requestId }
    : { plan, refusal: { kind: 'graph', fault: answer.fault, needs }, wasSent: true, requestId }
}

/** Whether a refused batch may be accepted one by one. */
const maySplit = (answer: GraphAnswer): boolean =>
  !answer.ok && (answer.fault.kind === 'notFound' || answer.fault.kind === 'refused')

async function* changeRisk(
  name: RiskActionName,
  type: WorkloadType,
  plans: readonly Planned[],
  client: GraphClient,
  signal: AbortSignal,
): AsyncGenerator<readonly Outcome[]> {
  const { path, ids, needs } = RISK_AREA[type]
  const ask = (some: readonly Planned[]): Promise<GraphAnswer> =>
    client.request(
      {
        method: 'POST',
        path: `${path}/${GRAPH_ACTION[name]}`,
        body: { [ids]: some.map(({ subject }) => subject.identity.id) },
      },
      signal,
    )
  const answer = await ask(plans)
  if (plans.length === 1 || !maySplit(answer)) {
    yield plans.map((plan) => outcomeOf(plan, answer, needs))
    return
  }
  for (const plan of plans) {
    if (signal.aborted) return
    yield [outcomeOf(plan, await ask([plan]), needs)]
  }
}

interface Change {
  readonly request: GraphRequest
  readonly needs: Needs
}

function switching({ id, isAgentIdentity }: Identity, accountEnabled: boolean): Change {
  const path = `v1.0/servicePrincipals/${encodeURIComponent(id)}`
  const body: JsonObject = { accountEnabled }
  return isAgentIdentity
    ? {
        request: { method: 'PATCH', path: `${path}/microsoft.graph.agentIdentity`, body },
        needs: WRITE_AGENT,
      }
    : { request: { method: 'PATCH', path, body }, needs: WRITE_DIRECTORY }
}

/** Certificates are removed by writing back the others: `removeKey` needs proof of possession. */
async function removing(
  { keyId, type, holder }: Credential,
  client: GraphClient,
  signal: AbortSignal,
): Promise<Read<Change>> {
  const path = `v1.0/${holder.set}/${encodeURIComponent(holder.id)}`
  if (type === 'secret')
    return read({
      request: { method: 'POST', path: `${path}/removePassword`, body: { keyId } },
      needs: WRITE_DIRECTORY,
    })
  const body = await withoutCertificate(client, holder, keyId, signal)
  if (!body.ok) return body
  return body.value === undefined
    ? unread({ kind: 'noSuchCredential' })
    : read({ request: { method: 'PATCH', path, body: body.value }, needs: WRITE_DIRECTORY })
}

async function changeOf(
  { identity, credential }: Subject,
  action: ResponseAction,
  client: GraphClient,
  signal: AbortSignal,
): Promise<Read<Change>> {
  return credential === undefined
    ? read(switching(identity, action.name === 'enable'))
    : removing(credential, client, signal)
}

/**
 * Executes plans, and yields the outcomes after each request that changes something. Ending the
 * iteration stops it.
 */
export async function* perform(
  plans: readonly Planned[],
  action: ResponseAction,
  client: GraphClient,
  signal: AbortSignal,
): AsyncGenerator<readonly Outcome[]> {
  const { name } = action
  if (isRiskAction(name)) {
    for (const type of TYPES) {
      const ofType = plans.filter(({ subject }) => subject.identity.type === type)
      if (ofType.length > 0 && !signal.aborted) yield* changeRisk(name, type, ofType, client, signal)
    }
    return
  }
  for (const plan of plans) {
    if (signal.aborted) return
    const change = await changeOf(plan.subject, action, client, signal)
    yield [
      change.ok
        ? outcomeOf(plan, await client.request(change.value.request, signal), change.value.needs)
        : { plan, refusal: change.refusal, wasSent: false, requestId: undefined },
    ]
  }
}
