import type { Heartbeat } from '../../domain/heartbeat.ts'
import type { Table } from './column.ts'
import { evidenceColumns, headColumns } from './shared-columns.ts'

/** Heartbeats of the exporter, which distinguish silence from failure. */
export const healthTable: Table<Heartbeat> = {
  name: 'EntraRiskExportHealth_CL',
  description: 'Heartbeats of the exporter.',
  columns: [
    ...headColumns,
    {
      name: 'ExporterVersion',
      type: 'string',
      description: 'Version of the program that sent the heartbeat.',
      value: (a) => a.event.version,
    },
    {
      name: 'SinceDateTime',
      type: 'datetime',
      description: 'From when on the counts are taken (UTC).',
      value: (a) => a.event.health['since'],
    },
    {
      name: 'RecordsRead',
      type: 'long',
      description: 'Records read since then.',
      value: (a) => a.event.health['records'],
    },
    {
      name: 'RecordsFaulty',
      type: 'long',
      description: 'Of these, records that could not be normalised.',
      value: (a) => a.event.health['faults'],
    },
    {
      name: 'RecordsSkipped',
      type: 'long',
      description: 'Of these, records of other categories.',
      value: (a) => a.event.health['skipped'],
    },
    {
      name: 'EventsPending',
      type: 'long',
      description: 'Events pending for sinks now.',
      value: (a) => a.event.health['pending'],
    },
    {
      name: 'OldestPendingSeconds',
      type: 'long',
      description: 'Age of the oldest event pending, in seconds.',
      value: (a) => a.event.health['oldestPendingSeconds'],
    },
    {
      name: 'DeadLetters',
      type: 'long',
      description: 'Dead letters since then.',
      value: (a) => a.event.health['deadLetters'],
    },
    {
      name: 'Sinks',
      type: 'dynamic',
      description: 'Per sink: delivered, pending, deadLettered, duplicate, filtered, oldestPendingSeconds.',
      value: (a) => a.event.health['sinks'],
    },
    {
      name: 'Partitions',
      type: 'dynamic',
      description: 'Per partition: how far behind the hub the exporter is.',
      value: (a) => a.event.health['partitions'],
    },
    ...evidenceColumns,
  ],
}
