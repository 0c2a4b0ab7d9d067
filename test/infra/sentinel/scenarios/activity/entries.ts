import { type ArrivedRow, at, type Cells, detection, PAYROLL, PAYROLL_APP } from '../risk/rows.ts'
import { MORNING, type RiskScenario } from '../risk/scenario.ts'

/** An object that an entry of the audit log names, and the properties that changed. */
export interface Target {
  readonly id: string
  readonly type: string
  readonly displayName?: string
  readonly changed?: readonly (readonly [property: string, newValue: string, oldValue?: string])[]
}

export const ADMIN = '99999999-9999-4999-8999-999999999999'
export const GRAPH = '44444444-4444-4444-8444-444444444444'
export const APPLICATION_OBJECT = '33333333-3333-4333-8333-333333333333'
export const byAdmin: Cells = {
  user: { id: ADMIN, userPrincipalName: 'admin@contoso.example', ipAddress: '198.51.100.7' },
}
export const byApplication = (id: string, name: string): Cells => ({
  app: { servicePrincipalId: id, displayName: name },
})

/** An entry of the audit log, in the form in which the table has it. */
export const entry = (
  when: string,
  operation: string,
  targets: readonly Target[],
  cells: Cells = {},
): ArrivedRow => ({
  arrivedAt: at(when),
  cells: {
    TimeGenerated: at(when),
    OperationName: operation,
    Result: 'success',
    InitiatedBy: byAdmin,
    TargetResources: targets.map(({ id, type, displayName, changed = [] }) => ({
      id,
      type,
      displayName: displayName ?? null,
      modifiedProperties: changed.map(([property, newValue, oldValue]) => ({
        displayName: property,
        oldValue: oldValue ?? null,
        newValue,
      })),
    })),
    AdditionalDetails: [],
    CorrelationId: `${operation} ${when}`,
    ...cells,
  },
})

export const payroll = (...changed: NonNullable<Target['changed']>): Target => ({
  id: PAYROLL,
  type: 'ServicePrincipal',
  displayName: 'payroll',
  changed,
})

/** The application object of the service principal, which an entry names by its application id. */
export const payrollApplication = (...changed: NonNullable<Target['changed']>): Target => ({
  id: APPLICATION_OBJECT,
  type: 'Application',
  displayName: 'payroll',
  changed,
})
export const ofPayrollApp: Cells = { AdditionalDetails: [{ key: 'AppId', value: PAYROLL_APP }] }

const keysOf = (keys: readonly string[]): string =>
  JSON.stringify(keys.map((key) => `[KeyIdentifier=${key},KeyType=Password,KeyUsage=Verify,DisplayName=]`))

/** A secret is added beside one that was there. */
export const secretAdded = (when: string, key: string, cells: Cells = {}): ArrivedRow =>
  entry(
    when,
    'Update application \u2013 Certificates and secrets management ',
    [payrollApplication(['KeyDescription', keysOf(['old', key]), keysOf(['old'])])],
    { ...ofPayrollApp, ...cells },
  )

/** An application permission of Microsoft Graph is granted. */
export const appRoleGranted = (when: string, role: string, grantee: Target, cells: Cells = {}): ArrivedRow =>
  entry(
    when,
    'Add app role assignment to service principal',
    [
      {
        id: GRAPH,
        type: 'ServicePrincipal',
        displayName: 'Microsoft Graph',
        changed: [
          ['AppRole.Value', `"${role}"`],
          ['ServicePrincipal.ObjectID', `"${grantee.id}"`],
          ['ServicePrincipal.DisplayName', `"${grantee.displayName ?? ''}"`],
        ],
      },
    ],
    { AdditionalDetails: [{ key: 'AppId', value: '00000003-0000-0000-c000-000000000000' }], ...cells },
  )

const permissions = (scope: string): string =>
  `[Id: x, ClientId: ${PAYROLL}, PrincipalId: , ResourceId: ${GRAPH}, ConsentType: AllPrincipals, Scope:  ${scope}, CreatedDateTime: , LastModifiedDateTime ]`

/** A consent to the application, from one list of scopes to another. */
export const consent = (when: string, before: string, after: string, cells: Cells = {}): ArrivedRow =>
  entry(
    when,
    'Consent to application',
    [
      payroll(
        ['ConsentContext.IsAdminConsent', '"True"'],
        [
          'ConsentAction.Permissions',
          `"[${before === '' ? '' : permissions(before)}] => [${permissions(after)}]; "`,
        ],
      ),
    ],
    cells,
  )

/** A role is asked for, or given, in Privileged Identity Management. */
export const pim = (when: string, operation: string): ArrivedRow =>
  entry(when, operation, [
    { id: '55555555-5555-4555-8555-555555555555', type: 'Role', displayName: 'Global Administrator' },
    { id: '66666666-6666-4666-8666-666666666666', type: 'Request' },
    payroll(),
  ])

/** Entries of a morning on which the service principal is detected at ten. */
export const around = (
  title: string,
  rule: string,
  entries: readonly ArrivedRow[],
  alerts: readonly string[],
): RiskScenario => ({
  title,
  rule,
  ...MORNING,
  tables: { EntraRiskDetections_CL: [detection('09:50', '10:02')], AuditLogs: entries },
  alerts,
})
