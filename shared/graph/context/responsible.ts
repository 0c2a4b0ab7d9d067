import type { Holder, ResponsibleContext } from '../../domain/identity-context.ts'
import type { JsonObject } from '../../encoding/json.ts'
import { type Bounded, bounded, unread } from './bounded.ts'
import { type Needs, READ_APPLICATIONS, type Reading, textIn, unknownOf } from './reading.ts'

/** Only ids: names are personal data, and the archive is write-once. */
export const PEOPLE_SELECT = '$select=id&$top=999'

const READ_SPONSORS: Needs = { permission: 'AgentIdentity.Read.All' }

const responsibleIn =
  (on: Holder) =>
  (object: JsonObject): readonly ResponsibleContext[] => {
    const id = textIn(object['id'])
    const type = textIn(object['@odata.type'])?.replace('#microsoft.graph.', '') ?? 'unknown'
    return id === undefined ? [] : [{ on, id, type }]
  }

/** @param ofApplication `undefined` if the tenant does not have the application */
export function ownersSection(
  ofPrincipal: Reading,
  ofApplication: Reading | undefined,
): Bounded<readonly ResponsibleContext[]> {
  if (!ofPrincipal.ok) return unread(unknownOf(ofPrincipal.fault, READ_APPLICATIONS))
  const own = ofPrincipal.list.flatMap(responsibleIn('servicePrincipal'))
  if (ofApplication === undefined) return bounded('owners', own, ofPrincipal.more)
  if (!ofApplication.ok) return unread(unknownOf(ofApplication.fault, READ_APPLICATIONS))
  const all = [...own, ...ofApplication.list.flatMap(responsibleIn('application'))]
  return bounded('owners', all, ofPrincipal.more || ofApplication.more)
}

/** @param reading `undefined` if the service principal was not found */
export function sponsorsSection(reading: Reading | undefined): Bounded<readonly ResponsibleContext[]> {
  if (reading === undefined) return unread({ unknown: 'service principal not found' })
  if (reading.ok)
    return bounded('sponsors', reading.list.flatMap(responsibleIn('servicePrincipal')), reading.more)
  return unread(
    reading.fault.kind === 'notFound'
      ? { unknown: 'not an agent identity' }
      : unknownOf(reading.fault, READ_SPONSORS),
  )
}
