import { LOCAL_OPERATOR_ID } from '../config/local-connection.ts'
import { operatorSettings } from '../config/operator-settings.ts'
import type { AppSettings, Environment } from '../config/parse-settings.ts'
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
import { deviceCode } from './device-code.ts'
import { type GraphAccess, graphClientFor } from './graph-access.ts'
import { credentialOf } from './operator-credential.ts'
import { sendMessages } from './send-messages.ts'

/** Whose rights are used: always a person's, never the app's. */
export type SignIn =
  /** What the SDK finds: environment, workload identity, `az login`. */
  | { readonly by: 'default' }
  | { readonly by: 'deviceCode'; readonly show: (message: string) => void }
  /** The embedded stack's only person. */
  | { readonly by: 'localStack'; readonly caPem: string | undefined }

export interface ResponderWorld {
  readonly env: Environment
  readonly signIn: SignIn
  readonly time: Time
}

/** Acts on identities at risk, and puts what was done on the hub. */
export interface Responder {
  readonly settings: AppSettings
  /** Changes nothing. */
  plan(
    asked: readonly string[],
    onPlanned: (planned: number) => void,
    signal: AbortSignal,
  ): Promise<readonly Plan[]>
  /**
   * Throws before anything is changed if the hub does not take messages: what cannot be recorded is
   * not done.
   * @returns records that the hub did not take in the end; nothing was done after them
   */
  perform(
    plans: readonly Planned[],
    reason: string,
    onOutcome: (outcome: Outcome) => void,
    signal: AbortSignal,
  ): Promise<readonly JsonObject[]>
}

function accessOf(signIn: SignIn, settings: AppSettings, action: ResponseAction): GraphAccess {
  switch (signIn.by) {
    case 'default':
      return { credential: credentialOf('default', undefined) }
    case 'localStack':
      return { credential: credentialOf('managedIdentity', LOCAL_OPERATOR_ID), caPem: signIn.caPem }
    case 'deviceCode': {
      const needs = needsOf(action.name, settings.graph.includeAgents)
      return deviceCode(
        settings,
        signIn.show,
        needs.map(({ permission }) => permission),
      )
    }
  }
}

/**
 * Wires up `respond` for one action.
 * @throws ConfigError that lists every problem of the settings
 */
export function createResponder({ env, signIn, time }: ResponderWorld, action: ResponseAction): Responder {
  const settings = operatorSettings(env)
  const { endpoint } = settings.graph
  const access = accessOf(signIn, settings, action)
  const clients = azureClients(settings, credentialOf('default', undefined), time)
  // One for plan and action, so that both keep one pace.
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
        // Opens the link: whoever may not send, or cannot, learns it here.
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
