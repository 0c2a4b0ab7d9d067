import { operatorSettings } from '../config/operator-settings.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import type { Environment } from '../config/setting-problems.ts'
import { instant } from '../domain/identifiers.ts'
import type { Time } from '../domain/time.ts'
import type { JsonObject } from '../encoding/json.ts'
import { needsOf } from '../graph/respond/needs.ts'
import { type Outcome, type Planned, perform } from '../graph/respond/perform.ts'
import { type Plan, planAll } from '../graph/respond/plan.ts'
import { recordOfOutcome } from '../graph/respond/record.ts'
import type { ResponseAction } from '../graph/respond/response-action.ts'
import { parseTokenObjectId } from '../operations/doctor/parse-token-claims.ts'
import { azureClients } from './azure-clients.ts'
import { graphClientFor } from './graph-access.ts'
import { credentialOf } from './operator-credential.ts'
import { sendMessages } from './send-messages.ts'
import { accessOf, type SignIn } from './sign-in.ts'

export interface ResponderWorld {
  readonly env: Environment
  readonly signIn: SignIn
  readonly time: Time
}

/** Acts on identities at risk, and sends a record of each action to the hub. */
export interface Responder {
  readonly settings: AppSettings
  /** Plans the action; changes nothing. */
  plan(
    asked: readonly string[],
    onPlanned: (planned: number) => void,
    signal: AbortSignal,
  ): Promise<readonly Plan[]>
  /**
   * Executes plans and records them. Throws before any change if the hub cannot be reached, so that
   * nothing is done unrecorded.
   * @returns records that could not be sent; no further action was taken after them
   */
  perform(
    plans: readonly Planned[],
    reason: string,
    onOutcome: (outcome: Outcome) => void,
    signal: AbortSignal,
  ): Promise<readonly JsonObject[]>
}

/**
 * Wires up `respond` for one action.
 * @throws ConfigError listing every invalid setting
 */
export function createResponder({ env, signIn, time }: ResponderWorld, action: ResponseAction): Responder {
  const settings = operatorSettings(env)
  const { endpoint } = settings.graph
  const needs = needsOf(action.name, settings.graph.includeAgents)
  const access = accessOf(
    signIn,
    settings,
    needs.map(({ permission }) => permission),
  )
  const clients = azureClients(settings, credentialOf('default', undefined, settings.tenantId), time)
  // Shared by plan and perform, so that both count towards one request per second.
  let client: ReturnType<typeof graphClientFor> | undefined
  const graph = () => (client ??= graphClientFor(endpoint, access, time))

  async function actorId(): Promise<string | undefined> {
    const scopes = access.scopes ?? [`${endpoint}/.default`]
    const token = await (await access.credential()).getToken([...scopes])
    return token === null ? undefined : parseTokenObjectId(token.token)
  }

  return {
    settings,

    async plan(asked, onPlanned, signal) {
      return planAll(asked, action, { client: await graph(), now: () => time.now() }, onPlanned, signal)
    },

    async perform(plans, reason, onOutcome, signal) {
      const head = { tenantId: settings.tenantId, actorId: await actorId(), reason, action }
      const hub = await clients.hub()
      try {
        // Opens the link, so that a missing right or connection fails before any change.
        await hub.createBatch()
        for await (const outcomes of perform(plans, action, await graph(), signal)) {
          for (const outcome of outcomes) onOutcome(outcome)
          const at = instant(time.now())
          const records = outcomes
            .filter(({ wasSent }) => wasSent)
            .map((outcome) => recordOfOutcome(outcome, head, at))
          if (records.length === 0) continue
          try {
            await sendMessages(hub, [Buffer.from(JSON.stringify({ records }))], () => undefined)
          } catch {
            return records
          }
        }
        return []
      } finally {
        await hub.close()
      }
    },
  }
}
