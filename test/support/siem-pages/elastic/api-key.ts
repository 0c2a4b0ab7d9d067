import { isObject, type Members, unknownMembers } from '../members.ts'

const KEY = ['name', 'expiration', 'role_descriptors', 'metadata']
const ROLE = ['cluster', 'indices', 'applications', 'run_as', 'metadata', 'description']
const INDICES = ['names', 'privileges', 'field_security', 'query', 'allow_restricted_indices']
/** https://www.elastic.co/docs/reference/elasticsearch/security-privileges */
const PRIVILEGES = [
  'all',
  'auto_configure',
  'create',
  'create_doc',
  'create_index',
  'index',
  'manage',
  'read',
  'write',
]

interface Granted {
  readonly names: readonly string[]
  readonly privileges: readonly string[]
}

/** Whether a key may do something with an index or data stream. */
export type Permits = (index: string, privilege: string) => boolean

const matches = (pattern: string, index: string): boolean =>
  pattern.endsWith('*') ? index.startsWith(pattern.slice(0, -1)) : pattern === index

/** What a request for a key grants, or why it is refused. */
export function parseKeyRequest(given: Members): Permits | string {
  const { name, role_descriptors: roles } = given
  if (typeof name !== 'string') return '[create_api_key_request] required field [name] is missing'
  // Without any, a key has all that its owner has: not what the page says.
  if (!isObject(roles)) return 'role_descriptors are missing'
  const descriptors = Object.values(roles).filter(isObject)
  const indices = descriptors.flatMap((role) => (Array.isArray(role['indices']) ? role['indices'] : []))
  const granted: readonly Granted[] = indices
  const [problem] = [
    ...unknownMembers(given, KEY).map((one) => `[create_api_key_request] unknown field [${one}]`),
    ...descriptors
      .flatMap((role) => unknownMembers(role, ROLE))
      .map((one) => `unexpected field [${one}] in role`),
    ...indices
      .flatMap((one: Members) => unknownMembers(one, INDICES))
      .map((one) => `unexpected field [${one}] in indices`),
    ...granted
      .flatMap(({ privileges }) => privileges)
      .filter((one) => !PRIVILEGES.includes(one))
      .map((one) => `unknown index privilege [${one}]`),
  ]
  if (problem !== undefined) return problem
  return (index, privilege) =>
    granted.some(
      ({ names, privileges }) =>
        names.some((pattern) => matches(pattern, index)) &&
        (privileges.includes(privilege) || privileges.includes('all')),
    )
}
