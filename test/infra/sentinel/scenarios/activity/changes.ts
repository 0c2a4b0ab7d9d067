import { at, detection, KEY, PAYROLL } from '../risk/rows.ts'
import { MORNING, many, type RiskScenario } from '../risk/scenario.ts'
import { ADMIN, around, entry, ofPayrollApp, payroll, payrollApplication, secretAdded } from './entries.ts'

const CREDENTIAL = 'credential-added-around-detection'
const ADDED = 'High Credential added to payroll around a risk detection'
const FEDERATED =
  '[{"Name":"gh","Issuer":"https://token.actions.githubusercontent.com","Subject":"repo:evil/x"}]'

/** What the audit log says about credentials, and what it does not say. */
export const changes: readonly RiskScenario[] = [
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
  {
    ...around(
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
    defect: {
      file: 'EntraWorkloadChanges',
      from: 'coalesce(extract_all(jsonObject, NewFederated), none), coalesce(',
      to: 'coalesce(iff(OldFederated == "[]", extract_all(jsonObject, NewFederated), none), none), coalesce(',
    },
  },
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
    defect: {
      file: 'EntraWorkloadChangesAroundRisk',
      from: 'RiskBeganDateTime - around',
      to: 'DetectedDateTime - around',
    },
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
]
