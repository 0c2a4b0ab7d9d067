import { ago, type FixtureCase, type FixtureRow } from '../fixture.ts'
import { detection, guidOf, state } from './rows.ts'

const placed = (name: string, riskState: string, note: string, cells: FixtureRow['cells']): FixtureRow =>
  state(name, note, '1h', riskState, {
    LastUpdatedDateTime: ago('5h'),
    EnqueuedDateTime: ago('5h'),
    ...cells,
  })

/** A state as the native table has it. */
const nativeState = (name: string, note: string, riskState: string, updated: string): FixtureRow => ({
  note,
  cells: {
    TimeGenerated: ago('30m'),
    Id: guidOf(name).toUpperCase(),
    DisplayName: name,
    RiskLevel: 'high',
    RiskState: riskState,
    RiskLastUpdatedDateTime: ago(updated),
  },
})

/** What the saved functions make of copies, of two sources, and of rows in any order. */
export const functionCases: readonly FixtureCase[] = [
  {
    of: 'EntraWorkloadRisk',
    key: 'strcat(IdentityDisplayName, ": ", RiskState, ", ", Detections)',
    expected: [
      'by last update: dismissed, 0',
      'by enqueued time: dismissed, 0',
      'by partition: dismissed, 0',
      'by sequence number: dismissed, 0',
      'by ordinal: dismissed, 0',
      'state before detection: remediated, 1',
      'only detections: atRisk, 2',
      'native alone: atRisk, 0',
      'native agent: confirmedCompromised, 0',
    ],
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
        nativeState('native alone', 'the exporter has not sent it', 'atRisk', '2h'),
        nativeState('by last update', 'older than what the exporter sent', 'atRisk', '7h'),
      ],
      AADRiskyAgents: [
        {
          note: 'an agent',
          cells: {
            TimeGenerated: ago('30m'),
            Id: guidOf('native agent'),
            AgentDisplayName: 'native agent',
            RiskState: 'confirmedCompromised',
            RiskLastModifiedDateTime: ago('1h'),
          },
        },
      ],
    },
  },
  {
    of: 'EntraWorkloadRiskHistory',
    key: 'strcat(IdentityDisplayName, ", ", RecordSource, ", ", AlertSeverity)',
    expected: [
      'sent twice, exporter, High',
      'in both, exporter, High',
      'native alone, native, High',
      'hidden, exporter, Medium',
    ],
    tables: {
      EntraRiskDetections_CL: [
        detection('sent twice', 'once', '2h', { EventId: 'one event', LastUpdatedDateTime: ago('3h') }),
        detection('sent twice', 'copy', '1h', { EventId: 'one event', LastUpdatedDateTime: ago('3h') }),
        detection('hidden', 'the severity of the catalogue stands in', '1h', {
          RiskLevel: 'hidden',
          DetectionSeverity: 'medium',
        }),
      ],
      EntraRiskyIdentities_CL: [state('in both', 'once', '1h', 'atRisk', { LastUpdatedDateTime: ago('2h') })],
      AADRiskyServicePrincipals: [
        nativeState('in both', 'the same fact from the native table', 'atRisk', '2h'),
        nativeState('native alone', 'a fact that the exporter has not sent', 'atRisk', '2h'),
      ],
    },
  },
]
