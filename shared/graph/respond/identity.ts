import type { JsonObject } from '../../encoding/json.ts'
import type { GraphClient } from '../graph-client.ts'
import { type Credential, credentialsOf } from './credentials.ts'
import { READ_DIRECTORY } from './needs.ts'
import { objectAt, type Read, read, textOf, unread } from './read.ts'
import { riskObject, type WorkloadType } from './risk.ts'

/** A workload identity in the directory. */
export interface Identity {
  /** Object id of the service principal. */
  readonly id: string
  readonly type: WorkloadType
  readonly appId: string | undefined
  readonly displayName: string | undefined
  readonly enabled: boolean | undefined
  readonly isDisabledByMicrosoft: boolean
  /** An agent identity, not a blueprint. */
  readonly isAgentIdentity: boolean
  /** Deleted from the directory; only its risk is still known. */
  readonly isDeleted: boolean
  /** Credentials on the service principal itself. */
  readonly credentials: readonly Credential[]
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const SELECT =
  '$select=id,appId,displayName,accountEnabled,disabledByMicrosoftStatus,servicePrincipalType,keyCredentials,passwordCredentials'
/** Maximum of candidates listed for an ambiguous name. */
const MAX_CANDIDATES = 10

export const isGuid = (text: string): boolean => GUID.test(text)

function identityOf(object: JsonObject): Identity | undefined {
  const id = textOf(object['id'])
  if (id === undefined) return undefined
  const kind = textOf(object['@odata.type']) ?? ''
  const isAgent = kind.includes('.agentIdentity') || object['servicePrincipalType'] === 'ServiceIdentity'
  const enabled = object['accountEnabled']
  return {
    id,
    type: isAgent ? 'agent' : 'servicePrincipal',
    appId: textOf(object['appId']),
    displayName: textOf(object['displayName']),
    enabled: typeof enabled === 'boolean' ? enabled : undefined,
    isDisabledByMicrosoft: textOf(object['disabledByMicrosoftStatus']) !== undefined,
    isAgentIdentity: isAgent && !kind.includes('Blueprint'),
    isDeleted: false,
    credentials: credentialsOf(object, { set: 'servicePrincipals', id }),
  }
}

const NOT_FOUND = unread({ kind: 'notFound' })

async function deletedIdentity(
  client: GraphClient,
  id: string,
  signal: AbortSignal,
): Promise<Read<Identity>> {
  for (const type of ['servicePrincipal', 'agent'] as const) {
    const risk = await riskObject(client, { id, type }, signal)
    if (!risk.ok) {
      // Many operators may not read agent risk; then the identity counts as not found.
      if (type === 'agent') break
      return risk
    }
    if (risk.value === undefined) continue
    const { appId, displayName, agentDisplayName } = risk.value
    return read({
      id,
      type,
      appId: textOf(appId),
      displayName: textOf(displayName) ?? textOf(agentDisplayName),
      enabled: undefined,
      isDisabledByMicrosoft: false,
      isAgentIdentity: false,
      isDeleted: true,
      credentials: [],
    })
  }
  return NOT_FOUND
}

async function byName(client: GraphClient, name: string, signal: AbortSignal): Promise<Read<Identity>> {
  const filter = encodeURIComponent(`displayName eq '${name.replaceAll("'", "''")}'`)
  const found: Identity[] = []
  const fault = await client.list(
    `v1.0/servicePrincipals?$filter=${filter}&${SELECT}`,
    (object) => {
      const identity = found.length > MAX_CANDIDATES ? undefined : identityOf(object)
      if (identity !== undefined) found.push(identity)
    },
    signal,
  )
  if (fault !== undefined) return unread({ kind: 'graph', fault, needs: READ_DIRECTORY })
  const [first, ...others] = found
  if (first === undefined) return NOT_FOUND
  if (others.length === 0) return read(first)
  const candidates = found.slice(0, MAX_CANDIDATES).map(({ id, appId }) => ({ id, appId }))
  return unread({ kind: 'ambiguous', candidates, more: found.length > MAX_CANDIDATES })
}

/**
 * Finds an identity in the directory.
 * @param word object id, application id, or full display name
 * @param withDeleted also find deleted identities, of which only the risk is still known
 */
export async function findIdentity(
  client: GraphClient,
  word: string,
  withDeleted: boolean,
  signal: AbortSignal,
): Promise<Read<Identity>> {
  if (!isGuid(word)) return byName(client, word, signal)
  const id = word.toLowerCase()
  for (const key of [`/${id}`, `(appId='${id}')`]) {
    const object = await objectAt(client, `v1.0/servicePrincipals${key}?${SELECT}`, READ_DIRECTORY, signal)
    if (!object.ok) return object
    const identity = object.value === undefined ? undefined : identityOf(object.value)
    if (identity !== undefined) return read(identity)
  }
  return withDeleted ? deletedIdentity(client, id, signal) : NOT_FOUND
}
