import type { Columns } from './analyse.ts'

const strings = (...names: readonly string[]): Columns => Object.fromEntries(names.map((n) => [n, 'string']))

/**
 * The table that the summary rule of open risk writes: the output of `risk-state.kql`, which a test
 * compares with this. The service adds columns of its own.
 */
export const RISK_STATE: Columns = {
  CarriedBeganDateTime: 'datetime',
  CarriedSinceDateTime: 'datetime',
  CarriedArrivedDateTime: 'datetime',
  IsBackfilled: 'bool',
  ...strings('Kind', 'RecordSource', 'EventId', 'FactKey', 'EntraTenantId'),
  LastUpdatedDateTime: 'datetime',
  ...strings('IdentityType', 'IdentityId', 'IdentityDisplayName', 'IdentitySubtype', 'BlueprintId', 'AppId'),
  AccountEnabled: 'bool',
  IsDeleted: 'bool',
  ...strings('RiskLevel', 'RiskState', 'RiskDetail', 'RiskDetectionId', 'RiskEventType', 'DetectionName'),
  DetectionSeverity: 'string',
  AttackTechniques: 'dynamic',
  KeyIds: 'dynamic',
  IpAddress: 'string',
  ActivityDateTime: 'datetime',
  DetectedDateTime: 'datetime',
  EnqueuedDateTime: 'datetime',
  SourcePartition: 'string',
  SequenceNumber: 'long',
  RecordOrdinal: 'int',
  ArchiveBlob: 'string',
  ArchiveLine: 'int',
}
