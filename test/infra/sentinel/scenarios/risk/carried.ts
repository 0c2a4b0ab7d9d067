import { type ArrivedRow, at, detection, KEY, PAYROLL, signIn } from './rows.ts'
import { MORNING, type RiskScenario } from './scenario.ts'

const carriedRow = (cells: ArrivedRow['cells']): ArrivedRow => ({
  arrivedAt: at('03:00'),
  cells: {
    TimeGenerated: at('03:00'),
    CarriedBeganDateTime: at('2026-10-15T09:00'),
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
]
