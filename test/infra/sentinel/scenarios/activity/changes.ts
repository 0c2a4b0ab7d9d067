import { type ArrivedRow, at, detection, KEY, PAYROLL, state } from '../risk/rows.ts'
import { MORNING, many, type RiskScenario } from '../risk/scenario.ts'
import {
  ADMIN,
  appRoleGranted,
  consent,
  entry,
  GRAPH,
  ofPayrollApp,
  payroll,
  payrollApplication,
  pim,
  secretAdded,
} from './entries.ts'

const CREDENTIAL = 'credential-added-around-detection'
const ROLE = 'role-granted-around-detection'
const ADDED = 'High Credential added to payroll around a risk detection'
const granted = (roles: string): string => `High ${roles} granted to payroll around a risk detection`
const around = (title: string, rule: string, entries: readonly ArrivedRow[], alerts: readonly string[]) => ({
  title,
  rule,
  ...MORNING,
  tables: { EntraRiskDetections_CL: [detection('09:50', '10:02')], AuditLogs: entries },
  alerts,
})
const FEDERATED =
  '[{"Name":"gh","Issuer":"https://token.actions.githubusercontent.com","Subject":"repo:evil/x"}]'

const OTHER_UNIT = '77777777-aaaa-4777-8777-777777777777'

/** What the audit log says about credentials and roles, and what it does not say. */
export const changes: readonly RiskScenario[] = [
  around(
    'a secret added around a detection alerts',
    CREDENTIAL,
    [secretAdded('10:20', KEY)],
    [`11:00 ${ADDED}`],
  ),
  around(
    'a federated credential that is removed is not added',
    CREDENTIAL,
    [
      entry(
        '10:20',
        'Update application',
        [payrollApplication(['FederatedIdentityCredentials', '[]', FEDERATED])],
        ofPayrollApp,
      ),
    ],
    [],
  ),
  around(
    'a federated credential is logged as an update of the service principal',
    CREDENTIAL,
    [
      entry('10:20', 'Update service principal', [
        payroll(['FederatedIdentityCredentials', FEDERATED, '[]']),
      ]),
    ],
    [`11:00 ${ADDED}`],
  ),
  around(
    'a federated credential that is given another issuer is added',
    CREDENTIAL,
    [
      entry(
        '10:20',
        'Update application',
        [
          payrollApplication([
            'FederatedIdentityCredentials',
            FEDERATED.replace('githubusercontent', 'evil'),
            FEDERATED,
          ]),
        ],
        ofPayrollApp,
      ),
    ],
    [`11:00 ${ADDED}`],
  ),
  around(
    'what one actor adds is one alert, on application and service principal, with the keys inside',
    CREDENTIAL,
    many(6, (n) => secretAdded(`10:2${n}`, KEY.replace('7', `${n}`))),
    [`11:00 ${ADDED}`],
  ),
  {
    title: 'a key that was added when the activity was, two days before it was detected, alerts',
    rule: CREDENTIAL,
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('09:50', '10:02', { ActivityDateTime: at('2026-11-08T09:00') })],
      AuditLogs: [secretAdded('2026-11-08T09:30', KEY)],
    },
    alerts: [`11:00 ${ADDED}`],
  },
  {
    title: 'what the responder adds after the confirmation is not the attacker\u2019s; what is older is',
    rule: CREDENTIAL,
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('08:50', '09:02')],
      AuditLogs: [
        secretAdded('09:10', KEY, { InitiatedBy: { user: { id: PAYROLL.replace('1', '8') } } }),
        entry('10:10', 'ConfirmServicePrincipalCompromised', [payroll()]),
        secretAdded('10:30', KEY.replace('7', '5')),
      ],
    },
    alerts: [`10:00 ${ADDED}`],
  },
  {
    title: 'who acted by risk-export respond is a responder; who dismissed is not',
    rule: CREDENTIAL,
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('08:50', '09:02')],
      EntraRiskResponses_CL: [
        {
          arrivedAt: at('09:12'),
          cells: {
            TimeGenerated: at('09:11'),
            LastUpdatedDateTime: at('09:10'),
            IdentityId: PAYROLL,
            Action: 'disable',
            Result: 'done',
            ActorId: ADMIN,
          },
        },
        {
          arrivedAt: at('09:12'),
          cells: {
            TimeGenerated: at('09:11'),
            LastUpdatedDateTime: at('09:10'),
            IdentityId: PAYROLL,
            Action: 'dismiss',
            Result: 'done',
            ActorId: 'eve',
          },
        },
      ],
      AuditLogs: [
        secretAdded('09:30', KEY),
        secretAdded('10:30', KEY, { InitiatedBy: { user: { id: 'eve' } } }),
      ],
    },
    alerts: [`11:00 ${ADDED}`],
  },
  {
    title: 'a pipeline in the watchlist of exceptions may rotate credentials',
    rule: CREDENTIAL,
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('09:50', '10:02')],
      AuditLogs: [secretAdded('10:20', KEY)],
    },
    watchlists: {
      EntraWorkloadExceptions: `datatable(SearchKey: string, Rule: string) ["${ADMIN}", "Credential added around a risk detection"]`,
    },
    alerts: [],
  },
  around(
    'a consent names its scopes, and is about its target alone',
    ROLE,
    [consent('10:20', '', 'Mail.ReadWrite offline_access')],
    [`11:00 ${granted('Mail.ReadWrite, offline_access')}`],
  ),
  {
    title: 'the API to which a consent was given is not its subject',
    rule: ROLE,
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [
        detection('09:50', '10:02', { IdentityId: GRAPH, AppId: '00000003-0000-0000-c000-000000000000' }),
      ],
      AuditLogs: [consent('10:20', '', 'Mail.ReadWrite'), appRoleGranted('10:20', 'Mail.Read', payroll())],
    },
    alerts: [],
  },
  around(
    'a consent to what was consented before grants nothing',
    ROLE,
    [consent('10:20', 'User.Read', 'User.Read')],
    [],
  ),
  around(
    'one consent with twelve roles, an entry for each, is one alert',
    ROLE,
    [
      consent('10:20', '', 'Mail.Read'),
      ...many(12, (n) => appRoleGranted('10:20', `Role.${n}`, payroll(), { CorrelationId: 'one consent' })),
    ],
    [`11:00 ${granted(['Mail.Read', ...Array.from({ length: 12 }, (_, n) => `Role.${n}`)].join(', '))}`],
  ),
  around(
    'a role that is requested, to be approved or denied in PIM is not granted',
    ROLE,
    [
      pim('10:20', 'Add member to role in PIM requested (timebound)'),
      pim('10:21', 'Add member to role approval requested (PIM activation)'),
      pim('10:25', 'Add member to role request denied (PIM activation)'),
      pim('10:26', 'Add eligible member to role in PIM canceled (renew)'),
    ],
    [],
  ),
  ...(
    [
      [
        'completed in PIM',
        pim('10:20', 'Add eligible member to role in PIM completed (permanent)'),
        'Global Administrator',
      ],
      ...(
        [
          'Add member to role',
          'Add eligible member to role',
          'Add role assignment to role definition',
          'Add EligibleRoleAssignment to RoleDefinition',
        ] as const
      ).map(
        (operation) =>
          [
            `as "${operation}"`,
            entry('10:20', operation, [payroll(['Role.DisplayName', '"Application Administrator"'])]),
            'Application Administrator',
          ] as const,
      ),
    ] as const
  ).map(([how, row, role]) =>
    around(`a directory role is granted: ${how}`, ROLE, [row], [`11:00 ${granted(role)}`]),
  ),
  ...(
    [
      ['over the whole directory', 'Add member to role', [], 'High', ''],
      ['over a part of it', 'Add scoped member to role', [], 'Medium', ' over a part of the directory'],
      [
        'over a part of it, in PIM',
        'Add eligible member to role in PIM completed (permanent)',
        [{ id: OTHER_UNIT, type: 'AdministrativeUnit', displayName: 'Berlin' }],
        'Medium',
        ' over Berlin',
      ],
      [
        'over one application',
        'Add role assignment to role definition',
        [payroll(['RoleAssignment.DirectoryScopeId', `"/${OTHER_UNIT}"`])],
        'Medium',
        ` over /${OTHER_UNIT}`,
      ],
    ] as const
  ).map(
    ([where, operation, further, severity, scope]): RiskScenario => ({
      title: `a directory role that is granted ${where} at medium risk`,
      rule: ROLE,
      ...MORNING,
      tables: {
        EntraRiskDetections_CL: [detection('09:50', '10:02', { RiskLevel: 'medium' })],
        AuditLogs: [
          entry('10:20', operation, [payroll(['Role.DisplayName', '"User Administrator"']), ...further]),
        ],
      },
      alerts: [`11:00 ${severity} User Administrator${scope} granted to payroll around a risk detection`],
    }),
  ),
  {
    title: 'a detection that was dismissed makes no change suspicious',
    rule: ROLE,
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('09:50', '10:02')],
      EntraRiskyIdentities_CL: [state('10:10', '10:12', 'dismissed')],
      AuditLogs: [consent('10:20', '', 'Mail.Read')],
    },
    alerts: [],
  },
]
