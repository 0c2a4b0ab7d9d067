import type { ContextSections } from '../../../shared/domain/identity-context.ts'
import type { Investigation } from '../../../shared/operations/investigate/investigation.ts'
import { detection, riskyIdentity } from '../../support/archived-events.ts'
import { contextEvent, investigated, minute, responseEvent } from '../../support/identity-events.ts'

/** Everything about an identity in which every free text is the one given. */
export function hostileInvestigation(text: string): Investigation {
  const identity = {
    type: 'servicePrincipal',
    id: text,
    displayName: text,
    appId: text,
    subtype: text,
    blueprintId: text,
  } as const
  const risk = { level: text, state: text, detail: text }
  const found = detection('a', {
    identity,
    risk: { ...risk, eventType: text },
    ipAddress: text,
    location: { city: text, state: text, countryOrRegion: text },
    keyIds: [text.toLowerCase()],
    evidence: text,
    attack: { techniques: [text], origin: 'wire' },
    detection: { name: text, description: text, severity: 'high', links: [text] },
  })
  const holder = { on: 'application', id: text, type: text } as const
  const permission = { permission: text, resource: text, type: 'application', tier: 0 } as const
  const context: ContextSections = {
    principal: {
      presence: 'found',
      tenancy: 'singleTenant',
      appOwnerOrganizationId: text,
      publisherName: text,
      verifiedPublisher: text,
      createdAt: text,
      disabledByMicrosoftStatus: text,
    },
    owners: [holder],
    sponsors: [holder],
    credentials: [
      { on: 'application', type: 'password', keyId: text, expired: false, namedByDetection: false },
    ],
    federatedCredentials: [{ on: 'application', name: text, issuer: text, subject: text, audiences: [text] }],
    permissions: { worst: permission, granted: [permission] },
    directoryRoles: [{ roleTemplateId: text, name: text, scope: text, tier: 1 }],
    riskHistory: [{ at: text, level: text, state: text, detail: text }],
    conditionalAccess: {
      coverage: 'blocked',
      reason: text,
      policies: [{ id: text, name: text, state: 'enabled' }],
    },
  }
  const own = { identity, risk }
  const response = {
    action: text,
    result: 'failed',
    fault: text,
    reason: text,
    actorId: text,
    credential: { keyId: text },
  }
  return investigated(
    found,
    riskyIdentity('b', { ...own, lastUpdatedAt: minute(0) }),
    contextEvent(1, context, own),
    responseEvent(2, response, own),
  )
}
