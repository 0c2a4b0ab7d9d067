import { ago, type FixtureCase } from '../fixture.ts'
import { detection, state } from './rows.ts'

const late = (found: string) => ({ LastUpdatedDateTime: ago(found), DetectedDateTime: ago(found) })

/** Rules that look at risk records alone. */
export const detectionCases: readonly FixtureCase[] = [
  {
    of: 'high-risk-detection',
    key: 'IdentityDisplayName',
    expected: [
      'fresh',
      'delivered 72 hours late',
      'level hidden by the licence',
      'raised to high',
      'sent twice',
    ],
    tables: {
      EntraRiskDetections_CL: [
        detection('fresh', 'fires', '2m'),
        detection('delivered 72 hours late', 'fires: found three days ago, sent now', '2m', late('74h')),
        detection('late, alerted before', 'silent: the run of an hour ago had it', '90m', late('74h')),
        detection('level hidden by the licence', 'fires', '2m', {
          RiskLevel: 'hidden',
          DetectionSeverity: 'high',
        }),
        detection('raised to high', 'silent by itself: the first version was medium', '20m', {
          RiskLevel: 'medium',
        }),
        detection('raised to high', 'fires: a later version is high', '3m'),
        detection('sent twice', 'fires once: both rows are one event', '2m', { EventId: 'one event' }),
        detection('sent twice', 'silent: copy of the row before', '1m', { EventId: 'one event' }),
        detection('enriched since', 'silent: the first version was high before the last run', '90m'),
        detection('enriched since', 'silent: a new version of an old alert', '2m', {
          DetectionTimingType: 'offline',
        }),
        detection('medium', 'silent: not high', '2m', { RiskLevel: 'medium' }),
        detection('dismissed', 'silent: closed', '2m', { RiskState: 'dismissed' }),
        detection('a person', 'silent: not a workload identity', '2m', { IdentityType: 'user' }),
      ],
      EntraRiskyIdentities_CL: [state('a state', 'silent: no detection', '2m', 'atRisk')],
    },
  },
  {
    of: 'medium-risk-detection',
    key: 'strcat(IdentityDisplayName, ": ", RiskTitle)',
    expected: [
      'fresh: Medium risk',
      'delivered 72 hours late: Medium risk',
      'type unknown: Risk of hidden level',
      'raised to medium: Medium risk',
    ],
    tables: {
      EntraRiskDetections_CL: [
        detection('fresh', 'fires', '2m', { RiskLevel: 'medium' }),
        detection('delivered 72 hours late', 'fires: found three days ago, sent now', '2m', {
          RiskLevel: 'medium',
          ...late('74h'),
        }),
        detection('type unknown', 'fires: hidden, and the catalogue does not know the type', '2m', {
          RiskLevel: 'hidden',
        }),
        detection('raised to medium', 'silent by itself: the first version was low', '3h', {
          RiskLevel: 'low',
        }),
        detection('raised to medium', 'fires: a later version is medium', '3m', { RiskLevel: 'medium' }),
        detection('lowered', 'silent by itself: the other rule had it', '3h'),
        detection('lowered', 'silent: it was high before', '3m', { RiskLevel: 'medium' }),
        detection('alerted before', 'silent: an earlier run had it', '90m', { RiskLevel: 'medium' }),
        detection('high', 'silent: the other rule has it', '2m'),
        detection('low', 'silent: low', '2m', { RiskLevel: 'low' }),
        detection('dismissed', 'silent: closed', '2m', { RiskLevel: 'medium', RiskState: 'dismissed' }),
        detection('replayed', 'silent: history', '2m', { RiskLevel: 'medium', IsBackfilled: true }),
      ],
    },
  },
  {
    of: 'application-disabled-by-microsoft',
    key: 'IdentityDisplayName',
    expected: ['disabled', 'disabled, delivered 72 hours late'],
    tables: {
      EntraRiskDetections_CL: [
        detection('disabled', 'fires', '2m', { RiskEventType: 'maliciousApplication' }),
        detection('disabled, delivered 72 hours late', 'fires: found three days ago, sent now', '2m', {
          RiskEventType: 'maliciousApplication',
          ...late('74h'),
        }),
        detection('disabled, alerted before', 'silent: an earlier run had it', '72m', {
          RiskEventType: 'maliciousApplication',
        }),
        detection('suspicious only', 'silent: Microsoft did not disable it', '2m', {
          RiskEventType: 'suspiciousApplication',
        }),
        detection('dismissed', 'silent: closed', '2m', {
          RiskEventType: 'maliciousApplication',
          RiskState: 'dismissed',
        }),
      ],
    },
  },
  {
    of: 'risk-state-regressed',
    key: 'IdentityDisplayName',
    expected: [
      'again at risk',
      'again at risk, delivered 72 hours late',
      'states overtook each other',
      'again at risk, none between',
    ],
    tables: {
      EntraRiskyIdentities_CL: [
        state('again at risk', 'silent by itself', '3d', 'remediated'),
        state('again at risk', 'fires', '10m', 'atRisk'),
        state('again at risk, delivered 72 hours late', 'silent by itself', '5d', 'dismissed'),
        state(
          'again at risk, delivered 72 hours late',
          'fires: changed three days ago, sent now',
          '10m',
          'atRisk',
          {
            LastUpdatedDateTime: ago('74h'),
          },
        ),
        state(
          'states overtook each other',
          'fires: dismissed before it was at risk, though it arrives after',
          '10m',
          'dismissed',
          {
            LastUpdatedDateTime: ago('30h'),
          },
        ),
        state('states overtook each other', 'silent by itself', '20h', 'atRisk'),
        state('again at risk, none between', 'silent by itself', '3d', 'dismissed'),
        state('again at risk, none between', 'silent by itself: no state at all', '2d', 'none'),
        state('again at risk, none between', 'fires', '10m', 'atRisk'),
        state('closed twice', 'silent by itself', '3d', 'dismissed'),
        state('closed twice', 'silent: closed in another way', '10m', 'confirmedSafe'),
        state('again at risk, alerted before', 'silent by itself', '3d', 'remediated'),
        state('again at risk, alerted before', 'silent: an earlier run had it', '2h', 'atRisk'),
        state('at risk for the first time', 'silent: nothing went before', '10m', 'atRisk'),
        state('still at risk', 'silent by itself', '3d', 'atRisk'),
        state('still at risk', 'silent: no step back', '10m', 'confirmedCompromised'),
        state('closed at last', 'silent by itself', '3d', 'atRisk'),
        state('closed at last', 'silent: the right direction', '10m', 'dismissed'),
        state('detected again', 'silent by itself', '3d', 'dismissed'),
      ],
      EntraRiskDetections_CL: [detection('detected again', 'silent: a detection is no state', '10m')],
    },
  },
]
