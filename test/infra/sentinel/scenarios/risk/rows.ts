import type { Json } from '../../../../../shared/encoding/json.ts'

/** Cells of a row, times as ISO 8601. */
export type Cells = Readonly<Record<string, Json>>

/** A row of a table: when it was sent (`TimeGenerated`), when it became queryable, and the rest. */
export interface ArrivedRow {
  readonly arrivedAt: string
  readonly cells: Cells
}

export const PAYROLL = '11111111-1111-4111-8111-111111111111'
export const PAYROLL_APP = '22222222-2222-4222-8222-222222222222'
export const KEY = '77777777-7777-4777-8777-777777777777'
const DAY = '2026-11-10'

/** A time of the day of the scenarios, as `10:02`; other days in full, as `2026-11-08T09:00`. */
export const at = (time: string): string => `${time.length === 5 ? `${DAY}T${time}` : time}:00.000Z`

const minutesBefore = (time: string, minutes: number): string =>
  new Date(Date.parse(at(time)) - minutes * 60_000).toISOString()

const identity: Cells = {
  IdentityType: 'servicePrincipal',
  IdentityId: PAYROLL,
  IdentityDisplayName: 'payroll',
  AppId: PAYROLL_APP,
}

/**
 * A detection as the exporter writes it: sent two minutes before it arrived, enqueued and published
 * when it was found.
 */
export function detection(found: string, arrived: string, cells: Cells = {}): ArrivedRow {
  const row = {
    TimeGenerated: minutesBefore(arrived, 2),
    ...identity,
    RiskDetectionId: 'detection-1',
    RiskEventType: 'suspiciousSignins',
    RiskLevel: 'high',
    RiskState: 'atRisk',
    DetectedDateTime: at(found),
    LastUpdatedDateTime: at(found),
    EnqueuedDateTime: at(found),
    ...cells,
  }
  return { arrivedAt: at(arrived), cells: { EventId: JSON.stringify(row), ...row } }
}

/** The same detection as the native table has it; ids in the case that Azure Monitor sends. */
export const nativeDetection = (found: string, arrived: string, cells: Cells = {}): ArrivedRow => ({
  arrivedAt: at(arrived),
  cells: {
    TimeGenerated: minutesBefore(arrived, 2),
    Id: 'detection-1',
    RiskEventType: 'suspiciousSignins',
    ServicePrincipalId: PAYROLL.toUpperCase(),
    ServicePrincipalDisplayName: 'payroll',
    AppId: PAYROLL_APP,
    RiskLevel: 'high',
    RiskState: 'atRisk',
    DetectedDateTime: at(found),
    LastUpdatedDateTime: at(found),
    ...cells,
  },
})

/** A risk state as the exporter writes it. */
export function state(published: string, arrived: string, riskState: string, cells: Cells = {}): ArrivedRow {
  const row = {
    TimeGenerated: minutesBefore(arrived, 2),
    ...identity,
    RiskLevel: 'high',
    RiskState: riskState,
    LastUpdatedDateTime: at(published),
    EnqueuedDateTime: at(published),
    ...cells,
  }
  return { arrivedAt: at(arrived), cells: { EventId: JSON.stringify(row), ...row } }
}

/** A successful sign-in with the key of the scenarios. */
export const signIn = (when: string, cells: Cells = {}): ArrivedRow => ({
  arrivedAt: at(when),
  cells: {
    TimeGenerated: at(when),
    ServicePrincipalId: PAYROLL,
    ServicePrincipalName: 'payroll',
    AppId: PAYROLL_APP,
    IPAddress: '203.0.113.10',
    ResultType: '0',
    ServicePrincipalCredentialKeyId: KEY,
    ...cells,
  },
})

/** An entry of the audit log on the service principal. */
export const audit = (
  when: string,
  operation: string,
  actor: Cells,
  properties: readonly Cells[] = [],
): ArrivedRow => ({
  arrivedAt: at(when),
  cells: {
    TimeGenerated: at(when),
    OperationName: operation,
    Result: 'success',
    InitiatedBy: actor,
    TargetResources: [
      { id: PAYROLL, type: 'ServicePrincipal', displayName: 'payroll', modifiedProperties: [...properties] },
    ],
    AdditionalDetails: [],
    CorrelationId: `${operation} ${when}`,
  },
})
