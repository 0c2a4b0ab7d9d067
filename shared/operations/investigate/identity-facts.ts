import type { ListSection, Section } from '../../domain/identity-context.ts'
import { type Investigation, latestContext } from './investigation.ts'
import {
  coverageTold,
  type Names,
  ofCredentials,
  ofFederated,
  ofPeople,
  ofPermissions,
  ofPrincipal,
  ofRoles,
} from './section-lines.ts'
import { isUnknown, knownIn } from './sections.ts'
import { finding, good, plainly, type Told, timeText, unknown } from './told.ts'

/** One thing that is known of an identity, or is not. */
export interface IdentityFact {
  readonly label: string
  readonly lines: readonly Told[]
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
  const { leftOut, sponsors } = sections

  function fact<T>(
    label: string,
    section: Section<T>,
    show: (value: T, leftOut: number) => readonly Told[],
    name?: ListSection,
  ): IdentityFact {
    const more = name === undefined ? 0 : (leftOut?.[name] ?? 0)
    return {
      label,
      lines: isUnknown(section) ? [unknown(`unknown: ${section.unknown}`)] : show(section, more),
    }
  }

  const rest = [
    { label: 'Conditional Access', lines: [coverageTold(sections.conditionalAccess)] },
    fact('Permissions', sections.permissions, ofPermissions, 'permissions'),
    fact('Directory roles', sections.directoryRoles, ofRoles, 'directoryRoles'),
    fact('Credentials', sections.credentials, ofCredentials(of.keyIds), 'credentials'),
    fact('Federated credentials', sections.federatedCredentials, ofFederated, 'federatedCredentials'),
    fact('Owners', sections.owners, ofPeople('owner', names), 'owners'),
    ...(sponsors === undefined ? [] : [fact('Sponsors', sponsors, ofPeople('sponsor', names), 'sponsors')]),
  ]
  const isGone = knownIn(sections.principal)?.presence === 'notFound'
  return [
    fact('Account', sections.principal, ofPrincipal),
    // Of what is gone nothing else is known, and that need not be said of everything.
    ...(isGone ? rest.filter(({ lines: [first] }) => first?.tone !== 'unknown') : rest),
    { label: 'Read', lines: [plainly(`from Microsoft Graph at ${timeText(at)}`)] },
  ]
}
