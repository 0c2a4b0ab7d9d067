import { type Column, column, type Table } from './column.ts'
import { evidenceColumns, headColumns } from './shared-columns.ts'

const health = (member: string): Column['from'] => ({ content: 'health', member })

/** Heartbeats of the exporter, which distinguish silence from failure. */
export const healthTable: Table = {
  name: 'EntraRiskExportHealth_CL',
  description: 'Heartbeats of the exporter.',
  columns: [
    ...headColumns,
    column('ExporterVersion', 'string', 'version', 'Version of the program that sent the heartbeat.'),
    column(
      'ProgramSha256',
      'string',
      health('programSha256'),
      'SHA-256 of the program that sent the heartbeat: of the list of its files, as in the release.',
    ),
    column('SinceDateTime', 'datetime', health('since'), 'From when on the counts are taken (UTC).'),
    column('RecordsRead', 'long', health('records'), 'Records read since then.'),
    column('RecordsFaulty', 'long', health('faults'), 'Of these, records that could not be normalised.'),
    column('RecordsSkipped', 'long', health('skipped'), 'Of these, records of other categories.'),
    column('EventsPending', 'long', health('pending'), 'Events pending for sinks now.'),
    column(
      'OldestPendingSeconds',
      'long',
      health('oldestPendingSeconds'),
      'Age of the oldest event pending, in seconds.',
    ),
    column('DeadLetters', 'long', health('deadLetters'), 'Dead letters since then.'),
    column(
      'Sinks',
      'dynamic',
      health('sinks'),
      'Per sink: delivered, pending, deadLettered, duplicate, filtered, oldestPendingSeconds; notConfigured if its settings cannot be used.',
    ),
    column(
      'Partitions',
      'dynamic',
      health('partitions'),
      'Per partition: how far behind the hub the exporter is.',
    ),
    column(
      'ReconciledDateTime',
      'datetime',
      health('reconciledAt'),
      'When the stream was last compared with Microsoft Graph (UTC).',
    ),
    column('FactsInBoth', 'long', health('factsInBoth'), 'Facts that Graph has and the stream brought.'),
    column(
      'FactsOnlyInStream',
      'long',
      health('factsOnlyInStream'),
      'Facts that the stream brought and Graph does not list.',
    ),
    column(
      'FactsOnlyInGraph',
      'long',
      health('factsOnlyInGraph'),
      'Facts that Graph has and the stream has not brought.',
    ),
    column(
      'FactsEnrichedInGraph',
      'long',
      health('factsEnrichedInGraph'),
      'Facts in both of which Graph tells more by now.',
    ),
    column(
      'OldestMissingDateTime',
      'datetime',
      health('oldestMissingAt'),
      'Last update of the oldest fact that the stream and the exporter still lack (UTC).',
    ),
    column(
      'StreamLagSeconds',
      'long',
      health('streamLagSeconds'),
      'Longest time from the last update of a fact until the hub had it, in seconds.',
    ),
    column(
      'StreamLossPerMille',
      'real',
      health('streamLossPerMille'),
      'Facts that the stream has not brought, of a thousand that Graph has.',
    ),
    column(
      'DiagnosticSetting',
      'string',
      health('diagnosticSetting'),
      "Entra's diagnostic setting: streaming, incomplete, gone, or unknown to the exporter.",
    ),
    column('EvidenceOrigin', 'string', health('evidenceOrigin'), 'Name of the log of the archive.'),
    column('EvidenceSize', 'long', health('evidenceSize'), 'Leaves in the log of the archive.'),
    column('EvidenceRoot', 'string', health('evidenceRoot'), 'Root hash of the log at that size, Base64.'),
    column(
      'EvidenceSealedDateTime',
      'datetime',
      health('evidenceSealedAt'),
      'When the log of the archive was last sealed (UTC).',
    ),
    ...evidenceColumns,
  ],
}
