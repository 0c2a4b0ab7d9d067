import { type Instant, instant } from '../../domain/identifiers.ts'
import type { CredentialContext, FederatedCredentialContext } from '../../domain/identity-context.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import type { Json, JsonObject } from '../../encoding/json.ts'
import { type Credential, credentialsOf } from '../respond/credentials.ts'
import { type Bounded, bounded, unread } from './bounded.ts'
import { present } from './principal.ts'
import { READ_APPLICATIONS, type Reading, textIn, unknownOf } from './reading.ts'

export const APPLICATION_SELECT = '$select=id,keyCredentials,passwordCredentials'

const DAY_MS = 86_400_000
/** Graph's limit for issuer and subject. */
const MAX_CLAIM = 600
/** Graph allows one: https://learn.microsoft.com/graph/api/resources/federatedidentitycredential */
const MAX_AUDIENCES = 2

const isoOf = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : isoInstant(instant(ms))

function contextOf(
  { keyId, type, startMs, endMs, signsIn, holder }: Credential,
  named: ReadonlySet<string>,
  now: Instant,
): CredentialContext {
  return present<CredentialContext>({
    on: holder.set === 'applications' ? 'application' : 'servicePrincipal',
    type: type === 'secret' ? 'password' : 'certificate',
    keyId,
    startsAt: isoOf(startMs),
    endsAt: isoOf(endMs),
    ageDays: startMs === undefined ? undefined : Math.max(0, Math.floor((now - startMs) / DAY_MS)),
    expired: (endMs ?? Number.POSITIVE_INFINITY) <= now,
    signsTokens: signsIn ? undefined : true,
    namedByDetection: named.has(keyId),
  })
}

const rank = ({ namedByDetection, expired }: CredentialContext): number =>
  (namedByDetection ? 0 : 2) + (expired ? 1 : 0)

/**
 * The credentials of both objects, those named by a detection first, expired ones last.
 * @param application `undefined` if the tenant does not have it
 */
export function credentialsSection(
  principal: Reading,
  application: Reading | undefined,
  namedKeyIds: readonly string[],
  now: Instant,
): Bounded<readonly CredentialContext[]> {
  if (!principal.ok) return unread(unknownOf(principal.fault, READ_APPLICATIONS))
  if (application?.ok === false) return unread(unknownOf(application.fault, READ_APPLICATIONS))
  const named = new Set(namedKeyIds.map((id) => id.toLowerCase()))
  const all = [
    ...credentialsOf(principal.object, { set: 'servicePrincipals', id: '' }),
    ...(application === undefined ? [] : credentialsOf(application.object, { set: 'applications', id: '' })),
  ].map((credential) => contextOf(credential, named, now))
  return bounded(
    'credentials',
    all.toSorted((a, b) => rank(a) - rank(b)),
    false,
  )
}

function federatedIn(object: JsonObject): readonly FederatedCredentialContext[] {
  const { name, issuer, subject, audiences } = object
  const texts = Array.isArray(audiences) ? (audiences as readonly Json[]) : []
  return [
    {
      on: 'application',
      name: textIn(name) ?? '',
      issuer: textIn(issuer, MAX_CLAIM) ?? '',
      subject: textIn(subject, MAX_CLAIM) ?? '',
      audiences: texts.slice(0, MAX_AUDIENCES).flatMap((audience) => textIn(audience, MAX_CLAIM) ?? []),
    },
  ]
}

/** @param ofApplication `undefined` if the tenant does not have the application */
export function federatedSection(
  principal: Reading,
  ofApplication: Reading | undefined,
): Bounded<readonly FederatedCredentialContext[]> {
  if (!principal.ok) return unread(unknownOf(principal.fault, READ_APPLICATIONS))
  if (ofApplication === undefined) return bounded('federatedCredentials', [], false)
  return ofApplication.ok
    ? bounded('federatedCredentials', ofApplication.list.flatMap(federatedIn), ofApplication.more)
    : unread(unknownOf(ofApplication.fault, READ_APPLICATIONS))
}
