import { column, type Table } from './column.ts'
import { evidenceColumns, headColumns } from './shared-columns.ts'

/** Heartbeats of the exporter, which distinguish silence from failure. */
export const healthTable: Table = {
  name: 'EntraRiskExportHealth_CL',
  description: 'Heartbeats of the exporter.',
  columns: [
    ...headColumns,
    column('ExporterVersion', 'string', 'version', 'Version of the program that sent the heartbeat.'),
    column('SinceDateTime', 'datetime', { health: 'since' }, 'From when on the counts are taken (UTC).'),
    column('RecordsRead', 'long', { health: 'records' }, 'Records read since then.'),
    column('RecordsFaulty', 'long', { health: 'faults' }, 'Of these, records that could not be normalised.'),
    column('RecordsSkipped', 'long', { health: 'skipped' }, 'Of these, records of other categories.'),
    column('EventsPending', 'long', { health: 'pending' }, 'Events pending for sinks now.'),
    column(
      'OldestPendingSeconds',
      'long',
      { health: 'oldestPendingSeconds' },
      'Age of the oldest event pending, in seconds.',
    ),
    column('DeadLetters', 'long', { health: 'deadLetters' }, 'Dead letters since then.'),
    column(
      'Sinks',
      'dynamic',
      { health: 'sinks' },
      'Per sink: delivered, pending, deadLettered, duplicate, filtered, oldestPendingSeconds.',
    ),
    column(
      'Partitions',
      'dynamic',
      { health: 'partitions' },
      'Per partition: how far behind the hub the exporter is.',
    ),
    ...evidenceColumns,
  ],
}
