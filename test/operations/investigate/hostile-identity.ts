import { instant } from '../../../shared/domain/identifiers.ts'
import type { ContextSections, IdentityContext } from '../../../shared/domain/identity-context.ts'
import type { ResponseAction } from '../../../shared/domain/response-action.ts'
import {
  type IdentityEvent,
  type Investigation,
  investigationOf,
  type PlacedIdentityEvent,
} from '../../../shared/operations/investigate/investigation.ts'
import { detection, riskyIdentity } from '../../support/archived-events.ts'

const placed = (events: readonly IdentityEvent[]): readonly PlacedIdentityEvent[] =>
  events.map((event, i) => ({
    event,
    ordinal: 0,
    position: {
      namespace: 'n',
      hub: 'h',
      partition: '0',
      sequenceNumber: i,
      offset: String(i),
      enqueuedAt: instant(Date.UTC(2026, 2, 2) + i),
    },
  }))

const at = (minutes: number) => instant(Date.UTC(2026, 2, 1, 10) + minutes * 60_000)

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
  const { eventId, factKey, tenantId } = found
  const own = { factKey, tenantId, identity, risk }
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
  const contextEvent: IdentityContext = {
    ...own,
    kind: 'identityContext',
    eventId: `${eventId}1` as never,
    origin: 'exporter',
    category: 'RiskExport.IdentityContext',
    lastUpdatedAt: at(1),
    context,
  }
  const response: ResponseAction = {
    ...own,
    kind: 'responseAction',
    eventId: `${eventId}2` as never,
    origin: 'operator',
    category: 'RiskExport.ResponseAction',
    lastUpdatedAt: at(2),
    response: {
      action: text,
      result: 'failed',
      fault: text,
      reason: text,
      actorId: text,
      credential: { keyId: text },
    },
  }
  return investigationOf(
    text,
    placed([found, riskyIdentity('b', { identity, risk, lastUpdatedAt: at(0) }), contextEvent, response]),
  )
}

/** The same, of nothing but one detection: no context, no action. */
export const bareInvestigation = (): Investigation => {
  const found = detection('a')
  return investigationOf(found.identity.id, placed([found]))
}
