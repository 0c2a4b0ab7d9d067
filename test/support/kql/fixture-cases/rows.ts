import { createHash } from 'node:crypto'
import { type Ago, ago, ahead, type FixtureCell, type FixtureRow, type RowTimes } from '../fixture.ts'

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

/** When a row was sent; where its arrival is not what the case is about, it arrived two minutes later. */
export type When = string | RowTimes
export const timesOf = (when: When): RowTimes => {
  if (typeof when !== 'string') return when
  const sent = ago(when)
  return { sent, arrived: { minutesAgo: sent.minutesAgo - 2 } }
}
/** Sent three days ago, readable for minutes. */
export const INGESTED_LATE: RowTimes = { sent: ago('74h'), arrived: ago('10m') }
/** Minutes after the first run, before the next. */
export const AFTER_RUN: RowTimes = { sent: ahead('3m'), arrived: ahead('5m') }
const idAt = (name: string, { minutesAgo }: Ago, cells: Cells): string =>
  guidOf(`${name} ${minutesAgo}m ${JSON.stringify(cells)}`)

/** A row that holds no more than it is given. */
export const row = (note: string, when: When, cells: Cells): FixtureRow => ({ note, ...timesOf(when), cells })

const identity = (name: string): Cells => ({
  IdentityType: 'servicePrincipal',
  IdentityId: guidOf(name),
  IdentityDisplayName: name,
  AppId: guidOf(`application ${name}`),
})

/** A risk detection on the identity of a name: high, open, found when it was sent. */
export const detection = (name: string, note: string, when: When, cells: Cells = {}): FixtureRow => {
  const { sent } = timesOf(when)
  return row(note, when, {
    EventId: idAt(name, sent, cells),
    ...identity(name),
    RiskDetectionId: guidOf(`detection ${name}`),
    RiskEventType: 'suspiciousSignins',
    RiskLevel: 'high',
    RiskState: 'atRisk',
    LastUpdatedDateTime: sent,
    DetectedDateTime: sent,
    ...cells,
  })
}

/** The detection of a name as the native table has it, found and published at `found`. */
export const nativeDetection = (
  name: string,
  note: string,
  when: When,
  found: string,
  cells: Cells = {},
): FixtureRow =>
  row(note, when, {
    Id: guidOf(`detection ${name}`),
    ServicePrincipalId: guidOf(name).toUpperCase(),
    ServicePrincipalDisplayName: name,
    AppId: guidOf(`application ${name}`),
    RiskEventType: 'suspiciousSignins',
    RiskLevel: 'high',
    RiskState: 'atRisk',
    LastUpdatedDateTime: ago(found),
    DetectedDateTime: ago(found),
    ...cells,
  })

/** A risk state of the identity of a name, set when it was sent. */
export const state = (
  name: string,
  note: string,
  when: When,
  riskState: string,
  cells: Cells = {},
): FixtureRow => {
  const { sent } = timesOf(when)
  return row(note, when, {
    EventId: idAt(`${name} ${riskState}`, sent, cells),
    ...identity(name),
    RiskLevel: 'high',
    RiskState: riskState,
    LastUpdatedDateTime: sent,
    ...cells,
  })
}

/** The state of a name as the native table has it, published at `updated`. */
export const nativeState = (
  name: string,
  note: string,
  when: When,
  riskState: string,
  updated: string,
  cells: Cells = {},
): FixtureRow =>
  row(note, when, {
    Id: guidOf(name).toUpperCase(),
    DisplayName: name,
    RiskLevel: 'high',
    RiskState: riskState,
    RiskLastUpdatedDateTime: ago(updated),
    ...cells,
  })

/** A successful sign-in of the identity of a name. */
export const signIn = (name: string, note: string, when: When, cells: Cells = {}): FixtureRow =>
  row(note, when, {
    ServicePrincipalId: guidOf(name),
    ServicePrincipalName: name,
    AppId: guidOf(`application ${name}`),
    IPAddress: '203.0.113.10',
    ResultType: '0',
    ...cells,
  })

interface ChangeOf {
  readonly operation: string
  readonly at: When
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
export const change = (note: string, c: ChangeOf): FixtureRow =>
  row(note, c.at, {
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
    CorrelationId: idAt(`${note} ${c.operation}`, timesOf(c.at).sent, {}),
  })

/** The same change, refused. */
export const failed = (change: FixtureRow): FixtureRow => ({
  ...change,
  note: `${change.note}, but is refused`,
  cells: { ...change.cells, Result: 'failure' },
})

/** The value of `KeyDescription` for some credentials. */
export const keys = (...ids: readonly string[]): string =>
  JSON.stringify(ids.map((id) => `[KeyIdentifier=${id},KeyType=Password,KeyUsage=Verify,DisplayName=]`))

/** A heartbeat of the exporter, which tells of the time since `since`. */
export const heartbeat = (note: string, when: When, since: string, cells: Cells = {}): FixtureRow => {
  const { sent } = timesOf(when)
  return row(note, when, {
    EventId: idAt('heartbeat', sent, cells),
    SourceNamespace: 'risk',
    LastUpdatedDateTime: sent,
    SinceDateTime: ago(since),
    ExporterVersion: '0.1.0',
    RecordsRead: 4,
    RecordsFaulty: 0,
    DeadLetters: 0,
    EventsPending: 0,
    OldestPendingSeconds: 0,
    ...cells,
  })
}
