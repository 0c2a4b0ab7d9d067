import type { GraphFault } from '../graph-fault.ts'
import type { Needs } from './needs.ts'

/** Why an action was not done. */
export type Refusal =
  | { readonly kind: 'notFound' }
  | {
      readonly kind: 'ambiguous'
      readonly candidates: readonly { readonly id: string; readonly appId: string | undefined }[]
      /** Whether there are more than these. */
      readonly more: boolean
    }
  /** Only agents can be confirmed as safe. */
  | { readonly kind: 'notAnAgent' }
  | { readonly kind: 'noSuchCredential' }
  | { readonly kind: 'lastCredential' }
  | { readonly kind: 'graph'; readonly fault: GraphFault; readonly needs: Needs }

/** Why Graph did not do it, and what the operator can do. */
function graphText(fault: GraphFault, { permission, role, licence }: Needs): string {
  switch (fault.kind) {
    case 'noPermission':
      return `Your sign-in lacks the permission ${permission} in Graph, or you lack the role ${role} in Entra. Tokens of \`az login\` lack some permissions whatever your role: use --device-code (docs/graph.md).`
    case 'noLicence':
      return `The tenant is not licensed for it. It needs ${licence}.`
    case 'notFound':
      return 'Graph has no such identity. It may have been deleted.'
    case 'unauthorized':
      return 'The token is not accepted. Sign in again, or use --device-code; check GRAPH_ENDPOINT.'
    case 'unavailable':
      return `Graph was busy or did not answer (${fault.code}). The change may or may not have been made. Run the command again; it skips completed changes.`
    case 'refused':
      return `Graph refused the request (${fault.code}). Check the Entra audit log.`
  }
}

/** Text of a refusal, without the candidates of an ambiguous name. */
export function refusalText(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'notFound':
      return 'No such service principal in the tenant.'
    case 'ambiguous':
      return `${refusal.more ? `More than ${refusal.candidates.length}` : refusal.candidates.length} identities have this name. Use an object id.`
    case 'notAnAgent':
      return 'Only agents can be confirmed as safe. Use dismiss.'
    case 'noSuchCredential':
      return 'Neither the service principal nor its application has a secret or certificate with this key id.'
    case 'lastCredential':
      return 'This is the last valid credential of an enabled identity, which could then no longer sign in. Add a new one first, disable the identity, or use --force.'
    case 'graph':
      return graphText(refusal.fault, refusal.needs)
  }
}
