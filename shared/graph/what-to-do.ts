import type { GraphFault } from './graph-fault.ts'
import { riskCollections } from './risk-collections.ts'

const COLLECTIONS = riskCollections(true)

/**
 * Why a collection cannot be read, and what the operator can do.
 * @param name name of the collection, or of a part of it (`…/history`)
 */
export function whatToDo(name: string, fault: GraphFault): string {
  const { permission, licence } = COLLECTIONS.find((one) => name.startsWith(one.name)) ?? {
    permission: 'it needs',
    licence: 'another licence',
  }
  switch (fault.kind) {
    case 'noPermission':
      return `The identity lacks the application permission ${permission}. Grant it (docs/graph.md).`
    case 'noLicence':
      return `The tenant is not licensed for it. It needs ${licence}.`
    case 'notFound':
      return 'Not available in this cloud. Check GRAPH_ENDPOINT.'
    case 'unauthorized':
      return 'The token is not accepted. Check the identity and GRAPH_ENDPOINT.'
    case 'unavailable':
      return `Graph was busy or did not answer (${fault.code}). The next run tries again.`
    case 'refused':
      return `Graph refused the request (${fault.code}). Please report it.`
  }
}
