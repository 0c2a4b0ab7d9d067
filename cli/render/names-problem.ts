import type { ResponsibleNames } from '../../shared/graph/responsible-names.ts'

/** Why names are missing, and what the operator can do. */
export function namesProblem({ permission, fault }: ResponsibleNames['faults'][number]): string {
  switch (fault.kind) {
    case 'noPermission':
    case 'noLicence':
      return `Some names are missing: your sign-in lacks the permission ${permission} in Graph. Use --device-code (docs/graph.md).`
    case 'unauthorized':
      return 'Names are missing: the token is not accepted. Sign in again, or use --device-code; check GRAPH_ENDPOINT.'
    case 'notFound':
      return 'Some names are missing: they are no longer in the directory.'
    case 'unavailable':
    case 'refused':
      return `Some names are missing: Graph did not give them (${fault.code}).`
  }
}
