import { audit, detection, KEY, PAYROLL, signIn, state } from './rows.ts'
import { MORNING, type RiskScenario } from './scenario.ts'

const STILL_ENABLED = 'payroll is confirmed compromised and still enabled'

/** What people decide about a risk. */
export const decisions: readonly RiskScenario[] = [
  {
    title: 'confirmed compromised, and it is not known whether it is enabled: it counts as enabled',
    rule: 'confirmed-compromised-but-enabled',
    ...MORNING,
    tables: { EntraRiskyIdentities_CL: [state('09:20', '09:22', 'confirmedCompromised')] },
    alerts: [`11:00 Medium ${STILL_ENABLED}`],
  },
  {
    title: 'the same where only detections are exported, and it signs in',
    rule: 'confirmed-compromised-but-enabled',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('09:20', '09:22', { RiskState: 'confirmedCompromised' })],
      AADServicePrincipalSignInLogs: [signIn('09:40'), signIn('09:45', { IPAddress: '198.18.0.1' })],
    },
    alerts: [`11:00 High ${STILL_ENABLED}`],
  },
  {
    title: 'a state that is published again an hour later is the same confirmation',
    rule: 'confirmed-compromised-but-enabled',
    ...MORNING,
    tables: {
      EntraRiskyIdentities_CL: [
        state('09:20', '09:22', 'confirmedCompromised', { AccountEnabled: true }),
        state('11:20', '11:22', 'confirmedCompromised', { AccountEnabled: true }),
      ],
    },
    alerts: [`11:00 Medium ${STILL_ENABLED}`],
  },
  {
    title: 'a confirmed identity that was disabled meanwhile is none',
    rule: 'confirmed-compromised-but-enabled',
    ...MORNING,
    tables: {
      EntraRiskyIdentities_CL: [state('09:20', '09:22', 'confirmedCompromised', { AccountEnabled: true })],
      AuditLogs: [
        audit('09:40', 'Update service principal', { user: { id: KEY } }, [
          { displayName: 'AccountEnabled', oldValue: '[true]', newValue: '[false]' },
        ]),
      ],
    },
    alerts: [],
    defect: {
      file: 'confirmed-compromised-but-enabled',
      from: 'where not(EnabledAfterwards)',
      to: 'where EnabledAfterwards',
    },
  },
  {
    title:
      'an identity that is at risk again after its risk was closed alerts once, though it is published twice',
    rule: 'risk-state-regressed',
    ...MORNING,
    tables: {
      EntraRiskyIdentities_CL: [
        state('2026-11-08T09:00', '2026-11-08T09:10', 'remediated'),
        state('10:20', '10:22', 'atRisk'),
        state('10:30', '10:32', 'atRisk', { RiskLevel: 'medium' }),
        state('12:20', '12:22', 'atRisk'),
      ],
    },
    alerts: ['11:00 High payroll is at risk again after it was remediated'],
    defect: { file: 'risk-state-regressed', from: 'arg_min(RecordOrder, *)', to: 'arg_max(RecordOrder, *)' },
  },
  {
    title: 'an identity that was closed again before the run is not at risk again',
    rule: 'risk-state-regressed',
    ...MORNING,
    tables: {
      EntraRiskyIdentities_CL: [
        state('2026-11-08T09:00', '2026-11-08T09:10', 'remediated'),
        state('10:20', '10:22', 'atRisk'),
        state('10:30', '10:32', 'dismissed'),
      ],
    },
    alerts: [],
  },
  {
    title: 'a person who confirms a closed risk is no step back',
    rule: 'risk-state-regressed',
    ...MORNING,
    tables: {
      EntraRiskyIdentities_CL: [
        state('2026-11-08T09:00', '2026-11-08T09:10', 'dismissed'),
        state('10:20', '10:22', 'confirmedCompromised'),
      ],
    },
    alerts: [],
  },
  {
    title: 'an identity that dismisses its own risk alerts once, in the run in which both records are there',
    rule: 'risk-dismissed-by-owner',
    ...MORNING,
    tables: {
      EntraRiskyIdentities_CL: [state('10:20', '11:10', 'dismissed')],
      AuditLogs: [
        audit('10:20', 'DismissServicePrincipal', {
          app: { servicePrincipalId: PAYROLL, displayName: 'payroll' },
        }),
      ],
    },
    alerts: ['12:00 High Risk of payroll dismissed by the identity itself'],
  },
]
