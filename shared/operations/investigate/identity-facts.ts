import type {
  CoverageContext,
  CredentialContext,
  Holder,
  PermissionContext,
  PermissionsContext,
  PrincipalContext,
  ResponsibleContext,
  Section,
  Tier,
} from '../../domain/identity-context.ts'
import { type Investigation, latestContext } from './investigation.ts'
import { isUnknown, knownIn } from './sections.ts'
import { finding, firstOf, good, plainly, type Told, timeText, unknown } from './told.ts'

/** One thing that is known of an identity, or is not. */
export interface IdentityFact {
  readonly label: string
  readonly lines: readonly Told[]
}

/** Names of people and groups, by object id, as far as they were asked for. */
export type Names = ReadonlyMap<string, string>

const MAX_LINES = 12

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

/** The lines of a section, or why it is unknown. */
const lines = <T>(section: Section<T>, of: (value: T) => readonly Told[]): readonly Told[] =>
  isUnknown(section) ? [unknown(`unknown: ${section.unknown}`)] : of(section)

const none = (told: readonly Told[], text: string): readonly Told[] =>
  told.length === 0 ? [plainly(text)] : told

const TENANCY: Readonly<Record<Extract<PrincipalContext, { presence: 'found' }>['tenancy'], Told>> = {
  singleTenant: plainly('application of this tenant alone'),
  multiTenant: plainly('application of this tenant that other tenants use too'),
  foreign: finding('application of another tenant'),
  managedIdentity: plainly('managed identity: Identity Protection does not cover these'),
  unknown: unknown('owner of the application: unknown'),
}

function ofPrincipal(principal: PrincipalContext): readonly Told[] {
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

const ofPeople =
  (what: string, names: Names) =>
  (people: readonly ResponsibleContext[]): readonly Told[] => {
    // Most people answer for both objects.
    const once = new Map(people.map((person) => [person.id, person]))
    const told = [...once.values()].map(({ id, type }) => {
      const name = names.get(id)
      return plainly(`${type} ${name === undefined ? id : `${name} (${id})`}`)
    })
    return told.length === 0 ? [finding(`no ${what}`)] : firstOf(told, MAX_LINES, `${what}s`)
  }

const ofCredentials =
  (keyIds: readonly string[]) =>
  (credentials: readonly CredentialContext[]): readonly Told[] => {
    const isNamed = ({ keyId, namedByDetection }: CredentialContext): boolean =>
      namedByDetection || keyIds.includes(keyId)
    const told = credentials
      .toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)))
      .map((credential) => {
        const text = `${credentialText(credential)}${credential.expired ? ', expired' : ''}`
        if (isNamed(credential)) return finding(`${text}; a detection names it`)
        return credential.on === 'servicePrincipal' ? finding(`${text}: unusual`) : plainly(text)
      })
    return none(firstOf(told, MAX_LINES, 'credentials'), 'none')
  }

const ofPermissions = ({ worst, granted }: PermissionsContext): readonly Told[] => {
  const isWorst = (one: PermissionContext): boolean =>
    one.permission === worst?.permission && one.resource === worst.resource && one.type === worst.type
  const rest = granted.filter((one) => !isWorst(one)).map((one) => plainly(permissionText(one)))
  const first =
    worst === undefined ? [] : [(worst.tier === 0 ? finding : plainly)(`worst: ${permissionText(worst)}`)]
  return none(firstOf([...first, ...rest], MAX_LINES, 'permissions'), 'none')
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

function withoutContext({ identity: { enabled, deleted, subtype } }: Investigation): readonly IdentityFact[] {
  return [
    ...(subtype === undefined ? [] : [{ label: 'Type', lines: [plainly(subtype)] }]),
    ...(deleted === true
      ? [{ label: 'Account', lines: [finding('deleted: no longer in the directory')] }]
      : []),
    ...(deleted !== true && enabled !== undefined
      ? [{ label: 'Account', lines: [enabled ? plainly('sign-in is enabled') : good('sign-in is disabled')] }]
      : []),
    {
      label: 'Context',
      lines: [
        unknown(
          'unknown: none was read. The app reads it when an identity becomes at risk, where it may ask Graph (docs/graph.md).',
        ),
      ],
    },
  ]
}

/** Who the identity is, as far as Graph told the app. */
export function identityFacts(of: Investigation, names: Names): readonly IdentityFact[] {
  const context = latestContext(of)
  if (context === undefined) return withoutContext(of)
  const { sections, at } = context
  const isGone = knownIn(sections.principal)?.presence === 'notFound'
  const fact = (label: string, told: readonly Told[]): IdentityFact => ({ label, lines: told })
  const rest = [
    fact('Conditional Access', [coverageTold(sections.conditionalAccess)]),
    fact('Permissions', lines(sections.permissions, ofPermissions)),
    fact(
      'Directory roles',
      lines(sections.directoryRoles, (roles) =>
        none(
          firstOf(
            roles.map(({ name, scope, tier }) =>
              (tier === 0 ? finding : plainly)(
                `${name}, ${scope === '/' ? 'in the whole tenant' : `in ${scope}`}: ${tierText(tier)}`,
              ),
            ),
            MAX_LINES,
            'roles',
          ),
          'none',
        ),
      ),
    ),
    fact('Credentials', lines(sections.credentials, ofCredentials(of.keyIds))),
    fact(
      'Federated credentials',
      lines(sections.federatedCredentials, (all) =>
        none(
          firstOf(
            all.map(({ name, issuer, subject }) => plainly(`${name}: ${subject} of ${issuer}`)),
            MAX_LINES,
            'federated credentials',
          ),
          'none',
        ),
      ),
    ),
    fact('Owners', lines(sections.owners, ofPeople('owner', names))),
    ...(sections.sponsors === undefined
      ? []
      : [fact('Sponsors', lines(sections.sponsors, ofPeople('sponsor', names)))]),
  ]
  return [
    fact('Account', lines(sections.principal, ofPrincipal)),
    // Of what is gone nothing else is known, and that need not be said of everything.
    ...(isGone ? rest.filter(({ lines: [first] }) => first?.tone !== 'unknown') : rest),
    fact('Read', [plainly(`from Microsoft Graph at ${timeText(at)}`)]),
  ]
}
