import { detection, state } from '../risk/rows.ts'
import { MORNING, many, type RiskScenario } from '../risk/scenario.ts'
import { appRoleGranted, around, consent, entry, GRAPH, payroll, pim } from './entries.ts'

const ROLE = 'role-granted-around-detection'
const granted = (roles: string): string => `High ${roles} granted to payroll around a risk detection`
const OTHER_UNIT = '77777777-aaaa-4777-8777-777777777777'

/** What the audit log says about roles and consents, and what it does not say. */
export const roles: readonly RiskScenario[] = [
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
        ['Add role assignment to role definition', 'Add EligibleRoleAssignment to RoleDefinition'] as const
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
  {
    ...around(
      'a directory role is granted: as "Add eligible member to role"',
      ROLE,
      [
        entry('10:20', 'Add eligible member to role', [
          payroll(['Role.DisplayName', '"Application Administrator"']),
        ]),
      ],
      [`11:00 ${granted('Application Administrator')}`],
    ),
    defect: {
      file: 'EntraWorkloadChanges',
      from: 'IsAdded and not(',
      to: 'IsAdded and not(OperationName endswith "eligible member to role" or ',
    },
  },
  ...(
    [
      [
        'over the whole directory',
        'Add member to role',
        [],
        'High',
        '',
        { file: ROLE, from: 'OverAll > 0 or ', to: '' },
      ],
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
    ([where, operation, further, severity, scope, defect]): RiskScenario => ({
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
      ...(defect === undefined ? {} : { defect }),
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
