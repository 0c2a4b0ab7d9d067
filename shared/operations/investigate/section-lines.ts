import type {
  CoverageContext,
  CredentialContext,
  DirectoryRoleContext,
  FederatedCredentialContext,
  Holder,
  PermissionContext,
  PermissionsContext,
  PrincipalContext,
  ResponsibleContext,
  Tier,
} from '../../domain/identity-context.ts'
import { finding, firstOf, good, plainly, type Told, unknown } from './told.ts'

/** Names of people and groups, by object id, as far as they were asked for. */
export type Names = ReadonlyMap<string, string>

const MAX_LINES = 12

/** Shows a list; `leftOut`: how many more there are than it holds. */
type Lines<T> = (all: readonly T[], leftOut: number) => readonly Told[]

/** The date of an ISO time. */
export const dateOf = (iso: string | undefined): string | undefined => iso?.slice(0, 10)

export const onWhat = (on: Holder): string =>
  on === 'application' ? 'on the application' : 'on the service principal itself'

export function credentialText({ type, keyId, on, startsAt, endsAt }: CredentialContext): string {
  const span =
    startsAt === undefined && endsAt === undefined
      ? ''
      : `, ${dateOf(startsAt) ?? '…'} to ${dateOf(endsAt) ?? '…'}`
  return `${type === 'password' ? 'secret' : 'certificate'} ${keyId} ${onWhat(on)}${span}`
}

const tierText = (tier: Tier | undefined): string =>
  tier === undefined ? 'tier unknown' : `tier ${tier}${tier === 0 ? ', control of the tenant' : ''}`

export function permissionText({ permission, resource, type, consent, tier }: PermissionContext): string {
  const how = type === 'application' ? type : `${type}${consent === 'allPrincipals' ? ', for everybody' : ''}`
  return `${permission} (${resource}, ${how}): ${tierText(tier)}`
}

const listed = (told: readonly Told[], what: string, leftOut: number): readonly Told[] =>
  told.length === 0 ? [plainly('none')] : firstOf(told, MAX_LINES, what, leftOut)

const TENANCY: Readonly<Record<Extract<PrincipalContext, { presence: 'found' }>['tenancy'], Told>> = {
  singleTenant: plainly('application of this tenant alone'),
  multiTenant: plainly('application of this tenant that other tenants use too'),
  foreign: finding('application of another tenant'),
  managedIdentity: plainly('managed identity: Identity Protection does not cover these'),
  unknown: unknown('owner of the application: unknown'),
}

/** What the service principal is. */
export function ofPrincipal(principal: PrincipalContext): readonly Told[] {
  if (principal.presence === 'notFound') return [finding('deleted: no longer in the directory')]
  const { tenancy, appOwnerOrganizationId, publisherName, verifiedPublisher, createdAt } = principal
  const { disabledByMicrosoftStatus, enabled } = principal
  const verified = verifiedPublisher === undefined ? 'not verified' : `verified as ${verifiedPublisher}`
  const of = TENANCY[tenancy]
  return [
    tenancy === 'foreign' && appOwnerOrganizationId !== undefined
      ? { ...of, text: `${of.text} (${appOwnerOrganizationId})` }
      : of,
    ...(publisherName === undefined ? [] : [plainly(`publisher ${publisherName}, ${verified}`)]),
    ...(createdAt === undefined ? [] : [plainly(`created ${dateOf(createdAt)}`)]),
    ...(disabledByMicrosoftStatus === undefined
      ? []
      : [finding(`disabled by Microsoft: ${disabledByMicrosoftStatus}`)]),
    ...(enabled === undefined ? [] : [enabled ? plainly('sign-in is enabled') : good('sign-in is disabled')]),
  ]
}

/** @param what `owner` or `sponsor` */
export const ofPeople =
  (what: string, names: Names): Lines<ResponsibleContext> =>
  (people, leftOut) => {
    // Most people answer for both objects.
    const once = new Map(people.map((person) => [person.id, person]))
    const told = [...once.values()].map(({ id, type }) => {
      const name = names.get(id)
      return plainly(`${type} ${name === undefined ? id : `${name} (${id})`}`)
    })
    return told.length === 0 ? [finding(`no ${what}`)] : firstOf(told, MAX_LINES, `${what}s`, leftOut)
  }

function credentialTold(credential: CredentialContext, isNamed: boolean): Told {
  const text = [
    credentialText(credential),
    ...(credential.expired ? ['expired'] : []),
    ...(credential.signsTokens === true ? ['signs tokens (SAML), not for sign-in'] : []),
  ].join(', ')
  if (isNamed) return finding(`${text}; a detection names it`)
  return credential.on === 'servicePrincipal' && credential.signsTokens !== true
    ? finding(`${text}: unusual`)
    : plainly(text)
}

/** @param keyIds those that detections name */
export const ofCredentials =
  (keyIds: readonly string[]): Lines<CredentialContext> =>
  (credentials, leftOut) => {
    const isNamed = ({ keyId, namedByDetection }: CredentialContext): boolean =>
      namedByDetection || keyIds.includes(keyId)
    const namedFirst = credentials.toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)))
    return listed(
      namedFirst.map((credential) => credentialTold(credential, isNamed(credential))),
      'credentials',
      leftOut,
    )
  }

export const ofFederated: Lines<FederatedCredentialContext> = (all, leftOut) =>
  listed(
    all.map(({ name, issuer, subject }) => plainly(`${name}: ${subject} of ${issuer}`)),
    'federated credentials',
    leftOut,
  )

export const ofRoles: Lines<DirectoryRoleContext> = (roles, leftOut) =>
  listed(
    roles.map(({ name, scope, tier }) =>
      (tier === 0 ? finding : plainly)(
        `${name}, ${scope === '/' ? 'in the whole tenant' : `in ${scope}`}: ${tierText(tier)}`,
      ),
    ),
    'roles',
    leftOut,
  )

export function ofPermissions(
  { worst, granted, notRead }: PermissionsContext,
  leftOut: number,
): readonly Told[] {
  const isWorst = (one: PermissionContext): boolean =>
    one.permission === worst?.permission && one.resource === worst.resource && one.type === worst.type
  const rest = granted.filter((one) => !isWorst(one)).map((one) => plainly(permissionText(one)))
  const first =
    worst === undefined ? [] : [(worst.tier === 0 ? finding : plainly)(`worst: ${permissionText(worst)}`)]
  return [
    ...listed([...first, ...rest], 'permissions', leftOut),
    ...(notRead === undefined ? [] : [unknown(`unknown: ${notRead}`)]),
  ]
}

/** Whether Conditional Access stops it, and why not. */
export function coverageTold({ coverage, reason, policies }: CoverageContext): Told {
  const named = policies.map(({ name }) => name).join(', ')
  const by = named === '' ? '' : ` by ${named}`
  const why = reason === undefined ? '' : `: ${reason}`
  switch (coverage) {
    case 'blocked':
      return good(`blocked at its risk level${by}`)
    case 'reportOnly':
      return finding(`only reported, not blocked${by}`)
    case 'notCovered':
      return finding('no policy blocks it at its risk level')
    case 'notEligible':
      return finding(`no policy can block it${why}`)
    case 'unknown':
      return unknown(`unknown${why}`)
  }
}
