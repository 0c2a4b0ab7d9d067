import { at, detection, PAYROLL } from './rows.ts'
import { HIGH, MORNING, many, type RiskScenario } from './scenario.ts'

const AGENT = {
  IdentityType: 'agent',
  IdentityDisplayName: 'helper',
  AppId: '',
  RiskEventType: 'signInSpike',
}

/** Levels, the one that the licence hides, and agents. */
export const levels: readonly RiskScenario[] = [
  {
    title: 'hidden is never titled "High risk": its severity is that of the type',
    rule: 'high-risk-detection',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [
        detection('09:50', '10:02', { RiskLevel: 'hidden', DetectionSeverity: 'high' }),
        detection('09:50', '10:02', {
          RiskDetectionId: 'detection-2',
          RiskLevel: 'hidden',
          DetectionSeverity: 'medium',
        }),
      ],
    },
    alerts: ['11:00 High Risk of hidden level on payroll: suspiciousSignins'],
  },
  {
    title: 'medium risk has a rule, and a severity of its own',
    rule: 'medium-risk-detection',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [
        detection('09:50', '10:02', { RiskLevel: 'medium' }),
        detection('09:50', '10:02', { RiskDetectionId: 'detection-2' }),
      ],
    },
    alerts: ['11:00 Medium Medium risk on payroll: suspiciousSignins'],
  },
  {
    title: 'what was low first alerts when it becomes medium',
    rule: 'medium-risk-detection',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [
        detection('09:20', '09:22', { RiskLevel: 'low' }),
        detection('10:20', '10:22', { RiskLevel: 'medium', DetectedDateTime: at('09:20') }),
        detection('11:20', '11:22', { RiskLevel: 'medium', DetectedDateTime: at('09:20') }),
      ],
    },
    alerts: ['11:00 Medium Medium risk on payroll: suspiciousSignins'],
  },
  {
    title: 'what was medium first alerts once more when it becomes high',
    rule: 'high-risk-detection',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [
        detection('09:20', '09:22', { RiskLevel: 'medium' }),
        detection('10:20', '10:22', { DetectedDateTime: at('09:20') }),
        detection('11:20', '11:22', { DetectedDateTime: at('09:20') }),
      ],
    },
    alerts: [`11:00 ${HIGH}`],
  },
  {
    title: 'a detection on an agent alerts like any other',
    rule: 'high-risk-detection',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('09:50', '10:02', AGENT)],
      AADAgentRiskEvents: [
        {
          arrivedAt: at('11:30'),
          cells: {
            TimeGenerated: at('11:28'),
            Id: 'detection-1',
            AgentId: PAYROLL,
            AgentDisplayName: 'helper',
            RiskEventType: 'signInSpike',
            RiskLevel: 'high',
            RiskState: 'atRisk',
            DetectedDateTime: at('09:50'),
            LastModifiedDateTime: at('09:50'),
          },
        },
      ],
    },
    alerts: ['11:00 High High risk on helper: signInSpike'],
  },
  {
    title: 'what is new on one identity is one alert, with the types inside',
    rule: 'high-risk-detection',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [
        ...many(10, (n) => detection('09:50', '10:02', { RiskDetectionId: `d${n}` })),
        detection('09:55', '10:02', { RiskDetectionId: 'leak', RiskEventType: 'leakedCredentials' }),
        detection('11:50', '11:55', { RiskDetectionId: 'later' }),
      ],
    },
    alerts: ['11:00 High High risk on payroll: suspiciousSignins, leakedCredentials', `12:00 ${HIGH}`],
  },
]
