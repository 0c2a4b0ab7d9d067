import { at, detection, nativeDetection, state } from './rows.ts'
import { HIGH, MORNING, many, type RiskScenario } from './scenario.ts'

const CONFIRMED = {
  RiskState: 'confirmedCompromised',
  RiskDetail: 'adminConfirmedServicePrincipalCompromised',
  DetectedDateTime: at('2026-11-05T09:00'),
}

/** The latest version of a detection says whether it is open, and what the alert shows. */
export const latestVersion: readonly RiskScenario[] = [
  {
    title: 'a detection that was dismissed before it arrived alerts never',
    rule: 'high-risk-detection',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [
        detection('2026-11-08T09:00', '10:02'),
        detection('2026-11-08T12:00', '10:02', { RiskState: 'dismissed', RiskLevel: 'none' }),
      ],
    },
    alerts: [],
  },
  {
    title: 'a detection on an identity that was remediated since alerts never',
    rule: 'high-risk-detection',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('2026-11-08T09:00', '10:02')],
      EntraRiskyIdentities_CL: [state('2026-11-08T12:00', '10:02', 'remediated', { RiskLevel: 'none' })],
    },
    alerts: [],
  },
  {
    title: 'an analyst who confirms a principal with ten old detections gets one alert',
    rule: 'high-risk-detection',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [
        ...many(10, (n) => detection('2026-11-05T09:00', '2026-11-05T09:10', { RiskDetectionId: `d${n}` })),
        ...many(10, (n) => detection('10:05', '10:11', { ...CONFIRMED, RiskDetectionId: `d${n}` })),
        detection('10:05', '10:11', {
          RiskDetectionId: 'confirmation',
          RiskEventType: 'adminConfirmedServicePrincipalCompromised',
          RiskState: 'confirmedCompromised',
        }),
      ],
    },
    alerts: ['11:00 High High risk on payroll: adminConfirmedServicePrincipalCompromised'],
  },
  {
    title: 'a replay of events nine days old alerts nobody, even where the workspace never had them',
    rule: 'high-risk-detection',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: many(40, (n) =>
        detection('2026-11-01T09:00', '10:02', { RiskDetectionId: `d${n}`, IsBackfilled: true }),
      ),
    },
    alerts: [],
  },
  {
    title: 'a backfilled fact that the stream brings as well alerts when the stream brings it',
    rule: 'high-risk-detection',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [
        detection('2026-11-08T09:00', '10:02', { IsBackfilled: true, Origin: 'graph' }),
        detection('2026-11-08T09:00', '11:02'),
      ],
    },
    alerts: [`12:00 ${HIGH}`],
  },
  {
    title: 'an alert shows the most enriched version: a name, and the official name of the type',
    rule: 'high-risk-detection',
    ...MORNING,
    tables: {
      AADServicePrincipalRiskEvents: [nativeDetection('09:50', '09:52', { ServicePrincipalDisplayName: '' })],
      EntraRiskDetections_CL: [detection('09:50', '09:56', { DetectionName: 'Suspicious sign-ins' })],
    },
    alerts: ['10:00 High High risk on payroll: Suspicious sign-ins'],
  },
  {
    title: 'an alert names an identity without a name by its application',
    rule: 'high-risk-detection',
    ...MORNING,
    tables: { EntraRiskDetections_CL: [detection('09:50', '09:56', { IdentityDisplayName: '' })] },
    alerts: ['10:00 High High risk on 22222222-2222-4222-8222-222222222222: suspiciousSignins'],
  },
]
