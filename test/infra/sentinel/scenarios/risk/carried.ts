import { type ArrivedRow, at, detection, KEY, PAYROLL, signIn, state } from './rows.ts'
import { MORNING, type RiskScenario } from './scenario.ts'

const carriedRow = (cells: ArrivedRow['cells']): ArrivedRow => ({
  arrivedAt: at('03:00'),
  cells: {
    TimeGenerated: at('03:00'),
    CarriedBeganDateTime: at('2026-10-15T09:00'),
    CarriedSinceDateTime: at('2026-10-15T10:00'),
    CarriedArrivedDateTime: at('2026-10-16T10:00'),
    IsBackfilled: false,
    RecordSource: 'exporter',
    IdentityType: 'servicePrincipal',
    IdentityId: PAYROLL,
    IdentityDisplayName: 'payroll',
    RiskLevel: 'high',
    RiskState: 'atRisk',
    LastUpdatedDateTime: at('2026-10-16T09:00'),
    EnqueuedDateTime: at('2026-10-16T09:00'),
    ...cells,
  },
})

/** Risk older than the look-back. */
export const carried: readonly RiskScenario[] = [
  {
    title: 'a detection older than the look-back, carried by its daily row, is no news when it changes',
    rule: 'high-risk-detection',
    ...MORNING,
    tables: {
      EntraWorkloadRiskState_CL: [
        carriedRow({
          Kind: 'riskDetection',
          RiskDetectionId: 'detection-1',
          RiskEventType: 'suspiciousSignins',
        }),
      ],
      EntraRiskDetections_CL: [
        detection('10:20', '10:22', { DetectedDateTime: at('2026-10-16T09:00'), RiskDetail: 'changed' }),
      ],
    },
    alerts: [],
  },
  {
    title: 'a leak older than the look-back, carried by its daily row, alerts when its key is used',
    rule: 'leaked-credential-in-use',
    ...MORNING,
    tables: {
      EntraWorkloadRiskState_CL: [
        carriedRow({
          Kind: 'riskDetection',
          RiskDetectionId: 'detection-1',
          RiskEventType: 'leakedCredentials',
          KeyIds: [KEY],
        }),
      ],
      AADServicePrincipalSignInLogs: [signIn('10:30')],
    },
    alerts: [`11:00 High Leaked credential of payroll: used since it leaked`],
  },
  {
    title: 'a confirmation that the daily row carries within the hour is told all the same',
    rule: 'confirmed-compromised-but-enabled',
    from: at('2026-11-09T20:00'),
    to: at('06:00'),
    tables: {
      EntraRiskyIdentities_CL: [
        state('2026-11-09T09:00', '2026-11-09T09:10', 'atRisk'),
        state('2026-11-09T22:57', '2026-11-09T22:58', 'confirmedCompromised'),
      ],
      EntraWorkloadRiskState_CL: [
        {
          ...carriedRow({
            Kind: 'riskyIdentity',
            RiskState: 'confirmedCompromised',
            CarriedSinceDateTime: at('2026-11-09T09:10'),
            CarriedArrivedDateTime: at('2026-11-09T22:58'),
            LastUpdatedDateTime: at('2026-11-09T22:57'),
            TimeGenerated: at('2026-11-09T23:30'),
          }),
          arrivedAt: at('2026-11-09T23:30'),
        },
      ],
    },
    alerts: ['00:00 Medium payroll is confirmed compromised and still enabled'],
  },
]
