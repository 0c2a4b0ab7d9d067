import { detection, nativeDetection } from './rows.ts'
import { HIGH, MORNING, type RiskScenario } from './scenario.ts'

/** A fact alerts once, by its first arrival from either source. */
export const firstArrival: readonly RiskScenario[] = [
  {
    title: 'a fact that the native table shows before a run and the exporter after it alerts once',
    rule: 'high-risk-detection',
    ...MORNING,
    tables: {
      AADServicePrincipalRiskEvents: [nativeDetection('09:50', '09:58')],
      EntraRiskDetections_CL: [detection('09:50', '10:02')],
    },
    alerts: [`10:00 ${HIGH}`],
  },
  {
    title: 'what the native table showed during an outage does not alert again when the exporter is back',
    rule: 'high-risk-detection',
    ...MORNING,
    tables: {
      AADServicePrincipalRiskEvents: [nativeDetection('2026-11-07T09:50', '2026-11-07T09:58')],
      EntraRiskDetections_CL: [detection('2026-11-07T09:50', '10:02')],
    },
    alerts: [],
  },
  {
    title: 'what was pending for three days still alerts, once',
    rule: 'high-risk-detection',
    ...MORNING,
    tables: { EntraRiskDetections_CL: [detection('2026-11-07T09:50', '10:02')] },
    alerts: [`11:00 ${HIGH}`],
  },
  {
    title: 'an application that Microsoft disabled is told by the rule for it',
    rule: 'application-disabled-by-microsoft',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('09:50', '10:02', { RiskEventType: 'maliciousApplication' })],
    },
    alerts: ['11:00 High Microsoft disabled the application payroll'],
  },
  ...(['high', 'medium'] as const).map(
    (level): RiskScenario => ({
      title: `and not by the rule for ${level} risk as well`,
      rule: `${level}-risk-detection`,
      ...MORNING,
      tables: {
        EntraRiskDetections_CL: [
          detection('09:50', '10:02', { RiskEventType: 'maliciousApplication', RiskLevel: level }),
        ],
      },
      alerts: [],
    }),
  ),
]
