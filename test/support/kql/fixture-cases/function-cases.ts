import { ago, ahead, type FixtureCase, type FixtureRow } from '../fixture.ts'
import { AFTER_RUN, detection, guidOf, INGESTED_LATE, nativeState, row, state } from './rows.ts'

const placed = (name: string, riskState: string, note: string, cells: FixtureRow['cells']): FixtureRow =>
  state(name, note, '1h', riskState, {
    LastUpdatedDateTime: ago('5h'),
    EnqueuedDateTime: ago('5h'),
    ...cells,
  })

const SETTLED = [
  'same last update, then disabled: confirmedCompromised, 0, disabled',
  'same last update, disabled and enabled again: confirmedCompromised, 0, enabled',
  'date in the far future: dismissed, 0',
  'dismissed in the far future: atRisk, 0',
  'half a day ahead: atRisk, 0',
  'native, then disabled: confirmedCompromised, 0, disabled',
  'by last update: dismissed, 0',
  'by enqueued time: dismissed, 0',
  'by partition: dismissed, 0',
  'by sequence number: dismissed, 0',
  'by ordinal: dismissed, 0',
  'state before detection: remediated, 1',
  'only detections: atRisk, 2',
  'native alone: atRisk, 0',
  'native agent: confirmedCompromised, 0',
  'ingested 72 hours late: atRisk, 0',
  'arrived out of order: dismissed, 0',
]

const ONCE = [
  'sent twice, exporter, High',
  'in both, exporter, High',
  'native alone, native, High',
  'hidden, exporter, Medium',
  'ingested 72 hours late, exporter, High',
]

/** What the saved functions make of copies, of two sources, and of rows in any order. */
export const functionCases: readonly FixtureCase[] = [
  {
    of: 'EntraWorkloadRisk',
    key: 'strcat(IdentityDisplayName, ": ", RiskState, ", ", Detections, case(isnull(AccountEnabled), "", AccountEnabled, ", enabled", ", disabled"))',
    expected: [...SETTLED, 'native first: atRisk, 0'],
    next: [...SETTLED, 'native first: atRisk, 0, enabled', 'arrives after the run: atRisk, 0'],
    tables: {
      EntraRiskyIdentities_CL: [
        placed('by last update', 'dismissed', 'the latest, though it stands first', {
          LastUpdatedDateTime: ago('2h'),
          EnqueuedDateTime: ago('9h'),
        }),
        placed('by last update', 'atRisk', 'older, though it was enqueued later', {
          EnqueuedDateTime: ago('1h'),
        }),
        placed('by enqueued time', 'dismissed', 'the latest', {
          EnqueuedDateTime: ago('2h'),
          SourcePartition: '0',
        }),
        placed('by enqueued time', 'atRisk', 'enqueued before', {
          EnqueuedDateTime: ago('3h'),
          SourcePartition: '9',
        }),
        placed('by partition', 'dismissed', 'the latest: 10 is more than 9', {
          SourcePartition: '10',
          SequenceNumber: 1,
        }),
        placed('by partition', 'atRisk', 'partition 9', { SourcePartition: '9', SequenceNumber: 7 }),
        placed('by sequence number', 'dismissed', 'the latest', { SourcePartition: '1', SequenceNumber: 10 }),
        placed('by sequence number', 'atRisk', 'before it', {
          SourcePartition: '1',
          SequenceNumber: 9,
          RecordOrdinal: 5,
        }),
        placed('by ordinal', 'dismissed', 'the latest', {
          SourcePartition: '1',
          SequenceNumber: 9,
          RecordOrdinal: 10,
        }),
        placed('by ordinal', 'atRisk', 'before it', {
          SourcePartition: '1',
          SequenceNumber: 9,
          RecordOrdinal: 9,
        }),
        placed('same last update, then disabled', 'confirmedCompromised', 'the first version', {
          AccountEnabled: true,
          EnqueuedDateTime: ago('4h'),
        }),
        placed('same last update, then disabled', 'confirmedCompromised', 'the latest version', {
          AccountEnabled: false,
          EnqueuedDateTime: ago('3h'),
        }),
        placed('same last update, disabled and enabled again', 'confirmedCompromised', 'the first version', {
          EventId: 'enabled',
          AccountEnabled: true,
          EnqueuedDateTime: ago('4h'),
        }),
        placed(
          'same last update, disabled and enabled again',
          'confirmedCompromised',
          'the version between',
          {
            AccountEnabled: false,
            EnqueuedDateTime: ago('3h'),
          },
        ),
        placed(
          'same last update, disabled and enabled again',
          'confirmedCompromised',
          'the first once more',
          {
            EventId: 'enabled',
            AccountEnabled: true,
            EnqueuedDateTime: ago('2h'),
          },
        ),
        placed('date in the far future', 'atRisk', 'counts as of when it was enqueued', {
          LastUpdatedDateTime: ahead('400d'),
          EnqueuedDateTime: ago('9h'),
        }),
        placed('date in the far future', 'dismissed', 'the latest', {}),
        placed('dismissed in the far future', 'dismissed', 'counts as of when it was enqueued', {
          LastUpdatedDateTime: ahead('400d'),
          EnqueuedDateTime: ago('9h'),
        }),
        placed('dismissed in the far future', 'atRisk', 'the latest, and the beginning of a new episode', {}),
        placed('half a day ahead', 'atRisk', 'the latest: clocks may differ by as much', {
          LastUpdatedDateTime: ahead('8h'),
          EnqueuedDateTime: ago('5h'),
        }),
        placed('half a day ahead', 'dismissed', 'older, though it was enqueued later', {
          LastUpdatedDateTime: ago('1h'),
          EnqueuedDateTime: ago('1h'),
        }),
        state('ingested 72 hours late', 'sent three days ago, queryable now', INGESTED_LATE, 'atRisk'),
        state('arrives after the run', 'unknown until the next run', AFTER_RUN, 'atRisk'),
        placed('arrived out of order', 'dismissed', 'the latest, though it arrives first', {
          LastUpdatedDateTime: ago('2h'),
        }),
        state(
          'arrived out of order',
          'older, and comes after the run',
          { sent: ago('1h'), arrived: ahead('10m') },
          'atRisk',
          { LastUpdatedDateTime: ago('4h') },
        ),
        state('native first', 'stands for the fact as soon as it is there', AFTER_RUN, 'atRisk', {
          AccountEnabled: true,
          LastUpdatedDateTime: ago('2h'),
        }),
        placed('state before detection', 'remediated', 'a state says more than a detection', {}),
      ],
      EntraRiskDetections_CL: [
        detection('state before detection', 'newer, but no state', '1h'),
        detection('only detections', 'older', '3h', { RiskState: 'dismissed' }),
        detection('only detections', 'the latest', '2h', { RiskDetectionId: 'another' }),
        detection('only detections', 'copy of it', '1h', {
          RiskDetectionId: 'another',
          LastUpdatedDateTime: ago('2h'),
        }),
        detection('a person', 'left out', '1h', { IdentityType: 'user' }),
      ],
      AADRiskyServicePrincipals: [
        nativeState('native alone', 'the exporter has not sent it', '30m', 'atRisk', '2h'),
        nativeState('native first', 'the first to arrive', '30m', 'atRisk', '2h'),
        nativeState('by last update', 'older than what the exporter sent', '30m', 'atRisk', '7h'),
        nativeState('native, then disabled', 'the first version', '90m', 'confirmedCompromised', '2h', {
          AccountEnabled: true,
        }),
        nativeState('native, then disabled', 'the latest version', '30m', 'confirmedCompromised', '2h', {
          AccountEnabled: false,
        }),
      ],
      AADRiskyAgents: [
        row('an agent', '30m', {
          Id: guidOf('native agent'),
          AgentDisplayName: 'native agent',
          RiskState: 'confirmedCompromised',
          RiskLastModifiedDateTime: ago('1h'),
        }),
      ],
    },
  },
  {
    of: 'EntraWorkloadRiskHistory',
    key: 'strcat(IdentityDisplayName, ", ", RecordSource, ", ", AlertSeverity)',
    expected: [...ONCE, 'native first, native, High'],
    next: [...ONCE, 'native first, exporter, High'],
    tables: {
      EntraRiskDetections_CL: [
        detection('sent twice', 'once', '2h', { EventId: 'one event', LastUpdatedDateTime: ago('3h') }),
        detection('sent twice', 'copy', '1h', { EventId: 'one event', LastUpdatedDateTime: ago('3h') }),
        detection('hidden', 'the severity of the catalogue stands in', '1h', {
          RiskLevel: 'hidden',
          DetectionSeverity: 'medium',
        }),
        detection('ingested 72 hours late', 'once', INGESTED_LATE),
      ],
      EntraRiskyIdentities_CL: [
        state('in both', 'once', '1h', 'atRisk', { LastUpdatedDateTime: ago('2h') }),
        state('native first', 'stands for the fact as soon as it is there', AFTER_RUN, 'atRisk', {
          LastUpdatedDateTime: ago('2h'),
        }),
      ],
      AADRiskyServicePrincipals: [
        nativeState('in both', 'the same fact from the native table', '30m', 'atRisk', '2h'),
        nativeState('native first', 'the first to arrive', '30m', 'atRisk', '2h'),
        nativeState('native alone', 'a fact that the exporter has not sent', '30m', 'atRisk', '2h'),
      ],
    },
  },
]
