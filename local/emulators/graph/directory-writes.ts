import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { directoryBadRequest, isGraphError, notFound } from './graph-error.ts'
import { parseObject } from './parse-body.ts'
import { type Answer, BOTH, type Route } from './route.ts'
import type { GraphObject, Tenant } from './tenant.ts'

const WRITE = ['Application.ReadWrite.All', 'Directory.ReadWrite.All']
/** https://learn.microsoft.com/graph/api/agentidentity-update */
const WRITE_AGENTS = [
  'AgentIdentity.EnableDisable.All',
  'AgentIdentity.ReadWrite.All',
  'Directory.ReadWrite.All',
]

type Holder = 'servicePrincipals' | 'applications'

const credentials = (object: GraphObject, property: string): readonly JsonObject[] => {
  const value = object[property]
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

/** A JSON Web Token by its looks: the emulator knows no certificate's private key. */
const isProof = (value: Json | undefined): boolean =>
  typeof value === 'string' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value)

/** What operators change in the directory: enabled or not, and credentials that go. */
export function directoryWrites(tenant: Tenant): readonly Route[] {
  function setEnabled(object: GraphObject, accountEnabled: boolean): void {
    tenant.change('servicePrincipals', object.id, { accountEnabled })
    for (const set of ['riskyServicePrincipals', 'riskyAgents'] as const)
      if (tenant.get(set, object.id) !== undefined)
        tenant.change(set, object.id, { isEnabled: accountEnabled })
  }

  /** Keys that stay; new ones need a certificate, which the emulator does not take. */
  function keepKeys(set: Holder, object: GraphObject, kept: Json): Answer {
    const known = credentials(object, 'keyCredentials')
    if (!Array.isArray(kept)) return directoryBadRequest('keyCredentials must be a list.')
    const keyIds = kept.map((key: Json) => (isJsonObject(key) ? key['keyId'] : undefined))
    if (keyIds.some((keyId) => !known.some((key) => key['keyId'] === keyId)))
      return directoryBadRequest('A key credential is new; only keys that exist can be kept.')
    tenant.change(set, object.id, {
      keyCredentials: known.filter((key) => keyIds.includes(key['keyId'])),
    })
    return undefined
  }

  function update(set: Holder, object: GraphObject, body: JsonObject): Answer {
    const names = Object.keys(body)
    const [name] = names
    if (names.length !== 1 || name === undefined) return directoryBadRequest('One property is expected.')
    if (name === 'keyCredentials') return keepKeys(set, object, body[name] ?? null)
    const { accountEnabled } = body
    if (set !== 'servicePrincipals' || typeof accountEnabled !== 'boolean')
      return directoryBadRequest(`Property '${name}' cannot be updated to this value.`)
    setEnabled(object, accountEnabled)
    return undefined
  }

  function removeCredential(set: Holder, object: GraphObject, body: JsonObject, property: string): Answer {
    const isKey = property === 'keyCredentials'
    const { keyId, proof } = body
    if (typeof keyId !== 'string') return directoryBadRequest('The keyId is missing.')
    if (isKey && !isProof(proof))
      return directoryBadRequest('Invalid proof of possession of an existing key.')
    const held = credentials(object, property)
    const kept = held.filter((credential) => credential['keyId'] !== keyId)
    if (kept.length === held.length)
      return directoryBadRequest(
        isKey ? 'No credentials found to be removed.' : `No password credential found with keyId '${keyId}'.`,
      )
    tenant.change(set, object.id, { [property]: kept })
    return undefined
  }

  /** A change of one object by the JSON object of the body. */
  const write = (
    method: 'PATCH' | 'POST',
    set: Holder,
    suffix: string,
    change: (object: GraphObject, body: JsonObject) => Answer,
    permissions: readonly string[] = WRITE,
  ): Route => ({
    method,
    versions: BOTH,
    path: `${set}/{key}${suffix}`,
    permissions,
    answer: ({ body }, key = '') => {
      const object = tenant.find(set, key)
      if (object === undefined) return notFound(key)
      const given = parseObject(body)
      return isGraphError(given) ? given : change(object, given)
    },
  })

  const updateAgent = write(
    'PATCH',
    'servicePrincipals',
    '/microsoft.graph.agentIdentity',
    (object, body) =>
      object['@odata.type'] === '#microsoft.graph.agentIdentity'
        ? update('servicePrincipals', object, body)
        : notFound(object.id),
    WRITE_AGENTS,
  )

  const ofBoth = (['servicePrincipals', 'applications'] as const).flatMap((set) => [
    write('PATCH', set, '', (object, body) => update(set, object, body)),
    write('POST', set, '/removePassword', (object, body) =>
      removeCredential(set, object, body, 'passwordCredentials'),
    ),
    write('POST', set, '/removeKey', (object, body) => removeCredential(set, object, body, 'keyCredentials')),
  ])
  return [...ofBoth, updateAgent]
}
