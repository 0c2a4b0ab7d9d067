import { type ScriptedReceiver, startScriptedReceiver } from '../http/scripted-receiver.ts'
import type { GraphLicence, GraphOptions } from './graph-options.ts'
import { GraphService } from './graph-service.ts'
import type { LoggedRequest } from './request-log.ts'
import type { Tenant } from './tenant.ts'

/**
 * Microsoft Graph on 127.0.0.1, as far as the risk of workload identities goes, and misbehaving on
 * demand. It takes what is documented and refuses all else.
 */
export interface EmulatedGraph extends ScriptedReceiver {
  /** In the place of `https://graph.microsoft.com`. */
  readonly url: string
  /** What requests read and change; to be filled and changed at any time. */
  readonly tenant: Tenant
  /** From now on a principal has these permissions. */
  permit(principalId: string, permissions: readonly string[]): void
  /** From now on the tenant has these licences. */
  license(licences: readonly GraphLicence[]): void
  /** Whether identity protection takes one request a second. */
  throttle(on: boolean): void
  /** Requests in the order in which they were answered. */
  log(): readonly LoggedRequest[]
  clearLog(): void
}

export async function startGraph(options: GraphOptions): Promise<EmulatedGraph> {
  const service = new GraphService(options)
  const { origin, ...server } = await startScriptedReceiver(service, options)
  return {
    ...server,
    url: origin,
    tenant: service.tenant,
    permit: (principalId, permissions) => {
      service.permissions.set(principalId, permissions)
    },
    license: (licences) => {
      service.licences = licences
    },
    throttle: (on) => {
      service.throttle.on = on
    },
    log: () => [...service.log.requests],
    clearLog: () => service.log.clear(),
  }
}
