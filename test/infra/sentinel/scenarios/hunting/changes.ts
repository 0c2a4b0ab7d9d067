import {
  ADMIN,
  consent,
  entry,
  ofPayrollApp,
  payroll,
  payrollApplication,
  secretAdded,
} from '../activity/entries.ts'
import { at, KEY, state } from '../risk/rows.ts'
import { ACTIVITY, BACKUP, BACKUP_APP, type HuntScenario, payrollRow, risky, SINCE } from './hunt-scenario.ts'

const ofBackup = { AdditionalDetails: [{ key: 'AppId', value: BACKUP_APP }] }
const backupApplication = {
  id: '12121212-1212-4212-8212-121212121212',
  type: 'Application',
  displayName: 'backup',
}

/** What was done to the identity. */
export const changeHunts: readonly HuntScenario[] = [
  {
    title: 'a secret is shown with how long after the activity it was added',
    hunt: 'credential-changes',
    tables: {
      EntraRiskDetections_CL: [risky],
      AuditLogs: [
        secretAdded(SINCE, KEY),
        entry(SINCE, 'Add service principal credentials', [backupApplication], ofBackup),
      ],
    },
    rows: [{ ...payrollRow, FromRiskBegan: '00:30:00', AddedKeyIds: [KEY], ActorId: ADMIN }],
  },
  {
    title: 'a changed reply address is shown, and what was changed on others is not',
    hunt: 'configuration-changes',
    tables: {
      EntraRiskDetections_CL: [risky],
      AuditLogs: [
        entry(SINCE, 'Update application', [payrollApplication(['AppAddress', '[]'])], ofPayrollApp),
        entry(SINCE, 'Update application', [backupApplication], ofBackup),
      ],
    },
    rows: [{ ...payrollRow, FromRiskBegan: '00:30:00', Change: 'configuration', Telling: ['AppAddress'] }],
  },
  {
    title: 'what an identity was granted is shown, and what others were granted is not',
    hunt: 'permission-grants',
    tables: {
      EntraRiskDetections_CL: [risky],
      AuditLogs: [
        consent(SINCE, '', 'Mail.Read'),
        entry(SINCE, 'Consent to application', [
          { id: BACKUP, type: 'ServicePrincipal', displayName: 'backup' },
        ]),
      ],
    },
    rows: [{ ...payrollRow, FromRiskBegan: '00:30:00', Change: 'consent', Roles: 'Mail.Read' }],
  },
  {
    title: 'records and decisions are in one order, each with when its risk began',
    hunt: 'risk-history',
    tables: {
      EntraRiskDetections_CL: [risky],
      EntraRiskyIdentities_CL: [
        state('11:00', '11:02', 'confirmedCompromised'),
        state('11:00', '11:02', 'dismissed', { IdentityId: BACKUP, IdentityDisplayName: 'backup' }),
      ],
      AuditLogs: [entry('10:59', 'ConfirmServicePrincipalCompromised', [payroll()])],
    },
    rows: [
      { What: 'riskDetection', HappenedDateTime: at('09:50'), RiskBeganDateTime: ACTIVITY },
      { What: 'ConfirmServicePrincipalCompromised', HappenedDateTime: at('10:59'), ActorId: ADMIN },
      { What: 'riskyIdentity', HappenedDateTime: at('11:00'), RiskState: 'confirmedCompromised' },
    ],
  },
]
