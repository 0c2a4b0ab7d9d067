import { type ArrivedRow, at, type Cells, PAYROLL, PAYROLL_APP, state } from '../risk/rows.ts'
import { MORNING, many, type RiskScenario } from '../risk/scenario.ts'
import { appRoleGranted, byApplication, entry, payroll, secretAdded, type Target } from './entries.ts'

const byPayroll: Cells = { InitiatedBy: byApplication(PAYROLL, 'payroll') }
const OTHER = PAYROLL.replaceAll('1', 'a')
const billing: Target = { id: OTHER, type: 'ServicePrincipal', displayName: 'billing' }
const changed = (what: string): string => `High payroll, at risk, changed ${what}`
const acts = (title: string, entries: readonly ArrivedRow[], alerts: readonly string[]): RiskScenario => ({
  title,
  rule: 'identity-at-risk-changed-another',
  ...MORNING,
  tables: { EntraRiskyIdentities_CL: [state('09:50', '10:02', 'atRisk')], AuditLogs: entries },
  alerts,
})
const policy = entry(
  '10:40',
  'Update conditional access policy',
  [{ id: 'policy', type: 'Policy', displayName: 'Block risky workloads' }],
  byPayroll,
)

/** What an identity at risk does to others. */
export const changesByRisky: readonly RiskScenario[] = [
  acts(
    'an identity at risk grants a role to another identity',
    [appRoleGranted('10:20', 'Mail.Read', billing, byPayroll)],
    [`11:00 ${changed('billing')}`],
  ),
  acts(
    'an identity at risk changes Conditional Access',
    [policy],
    [`11:00 ${changed('Block risky workloads')}`],
  ),
  acts(
    'an identity at risk changes the federation of a domain',
    [
      entry(
        '10:40',
        'Set federation settings on domain',
        [{ id: 'contoso.example', type: 'Domain', displayName: 'contoso.example' }],
        byPayroll,
      ),
    ],
    [`11:00 ${changed('contoso.example')}`],
  ),
  acts(
    'an identity at risk makes itself an owner of another application',
    [
      entry(
        '10:40',
        'Add owner to application',
        [
          { ...payroll(['Application.ObjectID', `"${OTHER}"`]), displayName: '' },
          { id: OTHER, type: 'Application', displayName: 'billing' },
        ],
        byPayroll,
      ),
    ],
    [`11:00 ${changed('billing')}`],
  ),
  acts(
    'many changes of one kind are told once, another kind once more',
    [
      ...many(30, (n) => appRoleGranted(n < 20 ? '10:20' : '11:20', `Role.${n}`, billing, byPayroll)),
      { ...policy, arrivedAt: at('12:30') },
    ],
    [`11:00 ${changed('billing')}`, `13:00 ${changed('Block risky workloads')}`],
  ),
  {
    ...acts(
      'what it does to itself, what is removed, and what it did before the risk began is not told',
      [
        secretAdded('10:20', 'k', byPayroll),
        appRoleGranted('10:20', 'Mail.Read', payroll(), byPayroll),
        entry('10:20', 'Remove owner from application', [billing], byPayroll),
        appRoleGranted('09:20', 'Mail.Read', billing, byPayroll),
        appRoleGranted('10:20', 'Mail.Read', billing),
      ],
      [],
    ),
    defect: {
      file: 'identity-at-risk-changed-another',
      from: ' and not(SubjectIds has IdentityId or (isnotempty(AppId) and SubjectIds has AppId))',
      to: '',
    },
  },
]

const context = (arrived: string, cells: Cells): ArrivedRow => ({
  arrivedAt: at(arrived),
  cells: {
    TimeGenerated: at(arrived),
    LastUpdatedDateTime: at(arrived),
    IdentityId: PAYROLL,
    AppId: PAYROLL_APP,
    DirectoryRoles: { unknown: 'needs RoleManagement.Read.Directory' },
    ...cells,
  },
})
const TENANT = 'Privileged identity at risk: payroll controls the tenant'
const TIER_0 = { WorstPermission: 'RoleManagement.ReadWrite.Directory', WorstPermissionTier: 0 }
const holds = (
  title: string,
  contexts: readonly ArrivedRow[],
  alerts: readonly string[],
  watchlists: RiskScenario['watchlists'] = {},
): RiskScenario => ({
  title,
  rule: 'privileged-identity-at-risk',
  ...MORNING,
  tables: {
    EntraRiskyIdentities_CL: [state('09:50', '10:02', 'atRisk'), state('11:50', '12:02', 'atRisk')],
    EntraIdentityContext_CL: contexts,
  },
  watchlists,
  alerts,
})

/** Who holds much. */
export const privileged: readonly RiskScenario[] = [
  holds(
    'an identity that controls the tenant, which nothing blocks',
    [context('10:05', { ...TIER_0, ConditionalAccessCoverage: 'notCovered' })],
    [`11:00 High ${TENANT}`],
  ),
  holds(
    'Conditional Access that blocks it lowers the severity',
    [context('10:05', { ...TIER_0, ConditionalAccessCoverage: 'blocked' })],
    [`11:00 Medium ${TENANT}`],
  ),
  holds(
    'a directory role counts like a permission',
    [
      context('10:05', {
        WorstPermission: 'Mail.Read',
        WorstPermissionTier: 1,
        DirectoryRoles: [{ roleTemplateId: 'r', name: 'Global Administrator', scope: '/', tier: 0 }],
      }),
    ],
    [`11:00 High ${TENANT}`],
  ),
  holds(
    'a role over an administrative unit does not control the tenant',
    [
      context('10:05', {
        DirectoryRoles: [
          {
            roleTemplateId: 'r',
            name: 'Privileged Authentication Administrator',
            scope: '/administrativeUnits/u',
            tier: 0,
          },
          { roleTemplateId: 's', name: 'Reports Reader', scope: '/', tier: 2 },
        ],
      }),
    ],
    ['11:00 Medium Privileged identity at risk: payroll manages services'],
  ),
  holds(
    'and does not hide a lesser one over the whole directory',
    [
      context('10:05', {
        DirectoryRoles: [
          { roleTemplateId: 'r', name: 'User Administrator', scope: '/administrativeUnits/u', tier: 1 },
          { roleTemplateId: 's', name: 'Exchange Administrator', scope: '/', tier: 1 },
        ],
      }),
    ],
    ['11:00 Medium Privileged identity at risk: payroll manages services'],
  ),
  holds(
    'a context that arrives after the first run is told then, and read again is no news',
    [context('11:20', TIER_0), context('12:20', TIER_0)],
    [`12:00 High ${TENANT}`],
  ),
  holds(
    'an identity that manages services',
    [context('10:05', { WorstPermission: 'Mail.Read', WorstPermissionTier: 1 })],
    ['11:00 Medium Privileged identity at risk: payroll manages services'],
  ),
  {
    ...holds(
      'one that reaches users alone is not privileged',
      [context('10:05', { WorstPermissionTier: 2 })],
      [],
    ),
    defect: { file: 'privileged-identity-at-risk', from: 'Tier <= 1', to: 'Tier <= 2' },
  },
  holds('the watchlist knows what Microsoft Entra does not show', [], [`11:00 High ${TENANT}`], {
    EntraWorkloadPrivileged: `datatable(SearchKey: string, Tier: string) ["${PAYROLL.toUpperCase()}", "0"]`,
  }),
  holds(
    'what both the watchlist and the context say is told once',
    [context('11:20', TIER_0)],
    [`11:00 High ${TENANT}`],
    { EntraWorkloadPrivileged: `datatable(SearchKey: string, Tier: string) ["${PAYROLL}", "0"]` },
  ),
]
