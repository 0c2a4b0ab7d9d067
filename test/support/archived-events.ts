import type { ArchivedEvent, ExportedEvent, FlatEvent } from '../../shared/domain/exported-event.ts'
import { archivedEvent, flatEvent } from '../../shared/domain/flat-event.ts'
import type { Heartbeat } from '../../shared/domain/heartbeat.ts'
import { eventId, factKey, ID_DIGITS, instant, tenantId } from '../../shared/domain/identifiers.ts'
import type { IdentityContext } from '../../shared/domain/identity-context.ts'
import type { Position } from '../../shared/domain/position.ts'
import type { ResponseAction } from '../../shared/domain/response-action.ts'
import type { RiskDetection, RiskyIdentity } from '../../shared/domain/risk-event.ts'
import { digest, sha256Hex } from '../../shared/encoding/digest.ts'

const TENANT = tenantId('11111111-2222-4333-8444-555555555555')
const PRINCIPAL = '0a0a0a0a-1b1b-4c2c-8d3d-4e4e4e4e4e4e'
const at = (iso: string) => instant(Date.parse(iso))

const ids = (seed: string) => ({
  eventId: eventId(sha256Hex(`event ${seed}`).slice(0, ID_DIGITS)),
  factKey: factKey(sha256Hex(`fact ${seed}`).slice(0, ID_DIGITS)),
})

/** A detection as an analyst would meet it; `seed` sets its ids. */
export const detection = (seed: string, changes: Partial<RiskDetection> = {}): RiskDetection => ({
  kind: 'riskDetection',
  ...ids(seed),
  origin: 'stream',
  category: 'ServicePrincipalRiskEvents',
  tenantId: TENANT,
  detectionId: `detection-${seed}`,
  identity: {
    type: 'servicePrincipal',
    id: PRINCIPAL,
    displayName: 'Payroll nightly sync',
    appId: '99999999-8888-4777-8666-555555555555',
    subtype: 'Application',
    enabled: true,
  },
  risk: { level: 'high', state: 'atRisk', detail: 'none', eventType: 'leakedCredentials' },
  activityAt: at('2026-03-01T08:00:00.000Z'),
  detectedAt: at('2026-03-01T09:15:00.000Z'),
  lastUpdatedAt: at('2026-03-01T09:20:00.123Z'),
  source: 'IdentityProtection',
  timingType: 'offline',
  activity: 'servicePrincipal',
  tokenIssuerType: 'AzureAD',
  requestId: 'aaaaaaaa-0000-4000-8000-000000000001',
  correlationId: 'aaaaaaaa-0000-4000-8000-000000000002',
  ipAddress: '203.0.113.7',
  location: { city: 'Zürich', countryOrRegion: 'CH', geoCoordinates: { latitude: 47.37, longitude: 8.54 } },
  keyIds: ['bbbbbbbb-0000-4000-8000-000000000001'],
  additionalInfo: [{ key: 'alertUrl', value: null }],
  attack: { techniques: ['T1078.004', 'T1552'], origin: 'catalogue' },
  detection: {
    name: 'Leaked credentials',
    description: 'Valid credentials of the account have leaked.',
    severity: 'high',
    links: ['https://learn.microsoft.com/entra/id-protection/concept-workload-identity-risk'],
  },
  extra: {},
  ...changes,
})

/** The state of a risky service principal. */
export const riskyIdentity = (seed: string, changes: Partial<RiskyIdentity> = {}): RiskyIdentity => ({
  kind: 'riskyIdentity',
  ...ids(seed),
  origin: 'stream',
  category: 'RiskyServicePrincipals',
  tenantId: TENANT,
  identity: { type: 'servicePrincipal', id: PRINCIPAL, displayName: 'Payroll nightly sync', enabled: false },
  risk: { level: 'high', state: 'confirmedCompromised', detail: 'adminConfirmedServicePrincipalCompromised' },
  lastUpdatedAt: at('2026-03-01T10:00:00.000Z'),
  extra: {},
  ...changes,
})

/** A sign of life. */
export const heartbeat = (seed: string, changes: Partial<Heartbeat> = {}): Heartbeat => ({
  kind: 'heartbeat',
  ...ids(seed),
  origin: 'exporter',
  category: 'RiskExport.Heartbeat',
  tenantId: TENANT,
  lastUpdatedAt: at('2026-03-01T10:05:00.000Z'),
  version: '0.1.0',
  health: {
    since: '2026-03-01T10:00:00.000Z',
    records: 40,
    faults: 1,
    skipped: 2,
    pending: 0,
    oldestPendingSeconds: 0,
    deadLetters: 0,
    sinks: { webhook: { delivered: 37, pending: 0 } },
    partitions: [{ partition: '0', behind: 0 }],
  },
  ...changes,
})

/** What Graph knows of an identity at risk. */
export const identityContext = (seed: string, changes: Partial<IdentityContext> = {}): IdentityContext => ({
  kind: 'identityContext',
  ...ids(seed),
  origin: 'exporter',
  category: 'RiskExport.IdentityContext',
  tenantId: TENANT,
  identity: {
    type: 'servicePrincipal',
    id: PRINCIPAL,
    displayName: 'Payroll nightly sync',
    appId: '99999999-8888-4777-8666-555555555555',
    enabled: true,
  },
  risk: { level: 'high', state: 'atRisk' },
  lastUpdatedAt: at('2026-03-01T09:22:00.000Z'),
  context: {
    principal: {
      presence: 'found',
      tenancy: 'singleTenant',
      appOwnerOrganizationId: TENANT,
      createdAt: '2024-02-01T08:00:00Z',
    },
    owners: [{ on: 'application', id: 'cccccccc-0000-4000-8000-000000000001', type: 'user' }],
    credentials: [
      {
        on: 'servicePrincipal',
        type: 'password',
        keyId: 'bbbbbbbb-0000-4000-8000-000000000001',
        startsAt: '2026-01-05T08:00:00Z',
        endsAt: '2027-01-05T08:00:00Z',
        ageDays: 55,
        expired: false,
        namedByDetection: true,
      },
    ],
    federatedCredentials: [],
    permissions: {
      worst: {
        permission: 'RoleManagement.ReadWrite.Directory',
        resource: 'Microsoft Graph',
        type: 'application',
        tier: 0,
      },
      granted: [
        {
          permission: 'RoleManagement.ReadWrite.Directory',
          resource: 'Microsoft Graph',
          type: 'application',
          tier: 0,
        },
        { permission: 'User.Read', resource: 'Microsoft Graph', type: 'delegated', consent: 'allPrincipals' },
      ],
    },
    directoryRoles: { unknown: 'needs RoleManagement.Read.Directory' },
    riskHistory: [{ at: '2026-03-01T09:20:00Z', level: 'high', state: 'atRisk' }],
    conditionalAccess: { coverage: 'notCovered', policies: [] },
  },
  ...changes,
})

/** What an operator did about it. */
export const responseAction = (seed: string, changes: Partial<ResponseAction> = {}): ResponseAction => ({
  kind: 'responseAction',
  ...ids(seed),
  origin: 'operator',
  category: 'RiskExport.ResponseAction',
  tenantId: TENANT,
  identity: { type: 'servicePrincipal', id: PRINCIPAL, displayName: 'Payroll nightly sync' },
  risk: { level: 'high', state: 'atRisk' },
  lastUpdatedAt: at('2026-03-01T09:40:00.000Z'),
  response: {
    action: 'remove-credential',
    result: 'done',
    requestId: 'dddddddd-0000-4000-8000-000000000001',
    actorId: 'cccccccc-0000-4000-8000-000000000002',
    reason: 'Incident 4711',
    accountEnabledBefore: true,
    credential: {
      keyId: 'bbbbbbbb-0000-4000-8000-000000000001',
      type: 'secret',
      on: 'servicePrincipal',
    },
    force: false,
  },
  ...changes,
})

const POSITION: Position = {
  namespace: 'risk.servicebus.windows.net',
  hub: 'entra-risk',
  partition: '0',
  sequenceNumber: 4711,
  offset: '8589934592',
  enqueuedAt: at('2026-03-01T09:21:00.000Z'),
}

/** An archived event, with all that its event says. */
export type ArchivedAs<E extends ExportedEvent> = ArchivedEvent & { readonly event: E & FlatEvent }

/** The event at a place in the archive. */
export const archivedAt = <E extends ExportedEvent>(
  event: E,
  place: Omit<ArchivedEvent, 'event'>,
): ArchivedAs<E> => {
  const { fields } = archivedEvent(flatEvent(event), place, 1).event
  const { kind, category, eventId, lastUpdatedAt } = event
  return { event: { ...event, kind, category, eventId, lastUpdatedAt, fields }, ...place }
}

/** The event as it is handed to sinks. */
export const archived = <E extends ExportedEvent>(event: E): ArchivedAs<E> =>
  archivedAt(event, {
    position: POSITION,
    ordinal: 3,
    digest: digest(`record of ${event.eventId}`),
    blob: 'v1/ingest_date=2026-03-01/ingest_hour=09/risk.servicebus.windows.net/entra-risk/p=0/00000000000000004711-00000000000000004712-0123456789abcdef.jsonl.gz',
    line: 5,
  })
