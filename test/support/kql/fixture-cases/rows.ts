import { createHash } from 'node:crypto'
import { ago, type FixtureCell, type FixtureRow } from '../fixture.ts'

/** A GUID that belongs to a name: the same name, the same GUID. */
export const guidOf = (name: string): string => {
  const hex = createHash('sha256').update(name).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

type Cells = Readonly<Record<string, FixtureCell>>

const identity = (name: string): Cells => ({
  IdentityType: 'servicePrincipal',
  IdentityId: guidOf(name),
  IdentityDisplayName: name,
  AppId: guidOf(`application ${name}`),
})

/** A risk detection on the identity of a name: high, open, found and sent at `sent`. */
export const detection = (name: string, note: string, sent: string, cells: Cells = {}): FixtureRow => ({
  note,
  cells: {
    TimeGenerated: ago(sent),
    EventId: guidOf(`${name} ${sent} ${JSON.stringify(cells)}`),
    ...identity(name),
    RiskDetectionId: guidOf(`detection ${name}`),
    RiskEventType: 'suspiciousSignins',
    RiskLevel: 'high',
    RiskState: 'atRisk',
    LastUpdatedDateTime: ago(sent),
    DetectedDateTime: ago(sent),
    ...cells,
  },
})

/** A risk state of the identity of a name, set and sent at `sent`. */
export const state = (
  name: string,
  note: string,
  sent: string,
  riskState: string,
  cells: Cells = {},
): FixtureRow => ({
  note,
  cells: {
    TimeGenerated: ago(sent),
    EventId: guidOf(`${name} ${riskState} ${sent} ${JSON.stringify(cells)}`),
    ...identity(name),
    RiskLevel: 'high',
    RiskState: riskState,
    LastUpdatedDateTime: ago(sent),
    ...cells,
  },
})

/** A successful sign-in of the identity of a name. */
export const signIn = (name: string, note: string, at: string, cells: Cells = {}): FixtureRow => ({
  note,
  cells: {
    TimeGenerated: ago(at),
    ServicePrincipalId: guidOf(name),
    ServicePrincipalName: name,
    AppId: guidOf(`application ${name}`),
    IPAddress: '203.0.113.10',
    ResultType: '0',
    ...cells,
  },
})

interface ChangeOf {
  readonly operation: string
  readonly at: string
  readonly actor: string
  /** The actor is a service principal, not a person. */
  readonly byApplication?: true
  readonly target: string
  readonly properties?: readonly {
    readonly displayName: string
    readonly oldValue: string
    readonly newValue: string
  }[]
  /** Further objects that the entry names. */
  readonly alsoTargets?: readonly string[]
  readonly appId?: string
}

/** A successful directory change, in the form of the audit log. */
export const change = (note: string, c: ChangeOf): FixtureRow => ({
  note,
  cells: {
    TimeGenerated: ago(c.at),
    OperationName: c.operation,
    Result: 'success',
    InitiatedBy: c.byApplication
      ? { app: { servicePrincipalId: guidOf(c.actor), displayName: c.actor } }
      : { user: { id: guidOf(c.actor), userPrincipalName: c.actor, ipAddress: '198.51.100.7' } },
    TargetResources: [
      { id: guidOf(c.target), displayName: c.target, modifiedProperties: c.properties ?? [] },
      ...(c.alsoTargets ?? []).map((name) => ({
        id: guidOf(name),
        displayName: name,
        modifiedProperties: [],
      })),
    ],
    AdditionalDetails: c.appId === undefined ? [] : [{ key: 'AppId', value: c.appId }],
    CorrelationId: guidOf(`${note} ${c.operation} ${c.at}`),
  },
})

/** The same change, refused. */
export const failed = (row: FixtureRow): FixtureRow => ({
  note: `${row.note}, but is refused`,
  cells: { ...row.cells, Result: 'failure' },
})

/** The value of `KeyDescription` for some credentials. */
export const keys = (...ids: readonly string[]): string =>
  JSON.stringify(ids.map((id) => `[KeyIdentifier=${id},KeyType=Password,KeyUsage=Verify,DisplayName=]`))

/** A heartbeat of the exporter, sent five minutes after the one before it. */
export const heartbeat = (note: string, sent: string, since: string, cells: Cells = {}): FixtureRow => ({
  note,
  cells: {
    TimeGenerated: ago(sent),
    EventId: guidOf(`heartbeat ${sent} ${JSON.stringify(cells)}`),
    SourceNamespace: 'risk',
    LastUpdatedDateTime: ago(sent),
    SinceDateTime: ago(since),
    ExporterVersion: '0.1.0',
    RecordsRead: 4,
    RecordsFaulty: 0,
    DeadLetters: 0,
    EventsPending: 0,
    OldestPendingSeconds: 0,
    ...cells,
  },
})
