import { ago, ahead, type FixtureCase } from '../fixture.ts'
import { AFTER_RUN, detection, INGESTED_LATE, nativeDetection, state } from './rows.ts'

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
      'ingested 72 hours late',
      'native first',
      'versions out of order',
    ],
    next: ['arrives after the run'],
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
        detection('sent twice', 'silent: copy of the row before', '2m', { EventId: 'one event' }),
        detection('ingested 72 hours late', 'fires: sent three days ago, queryable now', INGESTED_LATE),
        detection('arrives after the run', 'silent, and fires in the next run', AFTER_RUN),
        detection('native first', 'silent: the native row was told', AFTER_RUN, late('6m')),
        detection('native before the last run', 'silent: so was this one', '10m', late('70m')),
        detection('exporter first', 'silent: an earlier run had it', '66m'),
        detection('versions out of order', 'fires: the high version is the first to arrive', '20m'),
        detection(
          'versions out of order',
          'silent: the medium one before it arrives after the run',
          { sent: ago('30m'), arrived: ahead('10m') },
          { RiskLevel: 'medium' },
        ),
        detection('dismissed before it arrived', 'silent: its dismissal overtook it', {
          sent: ago('40m'),
          arrived: ago('5m'),
        }),
        detection('enriched since', 'silent: the first version was high before the last run', '90m'),
        detection('enriched since', 'silent: a new version of an old alert', '2m', {
          DetectionTimingType: 'offline',
        }),
        detection('medium', 'silent: not high', '2m', { RiskLevel: 'medium' }),
        detection('dismissed', 'silent: closed', '2m', { RiskState: 'dismissed' }),
        detection('a person', 'silent: not a workload identity', '2m', { IdentityType: 'user' }),
      ],
      EntraRiskyIdentities_CL: [
        state('a state', 'silent: no detection', '2m', 'atRisk'),
        state('dismissed before it arrived', 'closes it', '30m', 'dismissed'),
      ],
      AADServicePrincipalRiskEvents: [
        nativeDetection('native first', 'fires: of two rows the first to arrive', '6m', '6m'),
        nativeDetection('native before the last run', 'silent: an earlier run had it', '70m', '70m'),
        nativeDetection(
          'exporter first',
          'silent: the row of the exporter was told',
          { sent: ago('66m'), arrived: ago('5m') },
          '66m',
        ),
      ],
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
      'ingested 72 hours late: Medium risk',
      'native first: Medium risk',
    ],
    next: ['arrives after the run: Medium risk'],
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
        detection('ingested 72 hours late', 'fires: sent three days ago, queryable now', INGESTED_LATE, {
          RiskLevel: 'medium',
        }),
        detection('arrives after the run', 'silent, and fires in the next run', AFTER_RUN, {
          RiskLevel: 'medium',
        }),
        detection('native first', 'silent: the native row was told', AFTER_RUN, {
          RiskLevel: 'medium',
          ...late('6m'),
        }),
        detection('versions out of order', 'silent: the other rule had it', '20m'),
        detection(
          'versions out of order',
          'silent: the version before it arrives after the run',
          { sent: ago('30m'), arrived: ahead('10m') },
          { RiskLevel: 'medium' },
        ),
      ],
      AADServicePrincipalRiskEvents: [
        nativeDetection('native first', 'fires: of two rows the first to arrive', '6m', '6m', {
          RiskLevel: 'medium',
        }),
      ],
    },
  },
  {
    of: 'application-disabled-by-microsoft',
    key: 'IdentityDisplayName',
    expected: [
      'disabled',
      'disabled, delivered 72 hours late',
      'disabled, ingested 72 hours late',
      'native first',
    ],
    next: ['disabled, arrives after the run'],
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
        detection(
          'disabled, ingested 72 hours late',
          'fires: sent three days ago, queryable now',
          INGESTED_LATE,
          {
            RiskEventType: 'maliciousApplication',
          },
        ),
        detection('disabled, arrives after the run', 'silent, and fires in the next run', AFTER_RUN, {
          RiskEventType: 'maliciousApplication',
        }),
        detection('native first', 'silent: the native row was told', AFTER_RUN, {
          RiskEventType: 'maliciousApplication',
          ...late('6m'),
        }),
        detection('suspicious only', 'silent: Microsoft did not disable it', '2m', {
          RiskEventType: 'suspiciousApplication',
        }),
        detection('dismissed', 'silent: closed', '2m', {
          RiskEventType: 'maliciousApplication',
          RiskState: 'dismissed',
        }),
      ],
      AADServicePrincipalRiskEvents: [
        nativeDetection('native first', 'fires: of two rows the first to arrive', '6m', '6m', {
          RiskEventType: 'maliciousApplication',
        }),
      ],
    },
  },
]
