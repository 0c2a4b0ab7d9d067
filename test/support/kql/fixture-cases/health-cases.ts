import { ago, ahead, type FixtureCase, type FixtureRow } from '../fixture.ts'
import { heartbeat, row, type When } from './rows.ts'

/** An alert of the rule of silence. */
const told = (note: string, when: When, namespace: string): FixtureRow =>
  row(note, when, {
    ExtendedProperties: JSON.stringify({
      'Custom Details': JSON.stringify({
        SilentHours: ['1'],
        SourceNamespace: [namespace],
        EntraTenantId: [''],
      }),
    }),
  })
const FIRST_RUN = { sent: ahead('1m'), arrived: ahead('5m') }

/** Rules that look at the exporter itself. */
export const healthCases: readonly FixtureCase[] = [
  {
    of: 'exporter-silent',
    key: 'strcat(SourceNamespace, ": ", AlertSeverity)',
    expected: ['risk: Medium', 'delayed: Medium'],
    next: ['other: Medium'],
    tables: {
      EntraRiskExportHealth_CL: [
        heartbeat('the last sign of life but one', '95m', '100m'),
        heartbeat('fires: the last sign of life, an hour and a half ago', '90m', '95m'),
        heartbeat('silent: the exporter of another namespace lives', '5m', '10m', {
          SourceNamespace: 'other',
        }),
        heartbeat('fires: nothing else has arrived', '95m', '100m', { SourceNamespace: 'delayed' }),
        heartbeat(
          'silent in the next run: told before, and older than an hour by then',
          { sent: ago('20m'), arrived: ahead('5m') },
          '95m',
          { SourceNamespace: 'delayed' },
        ),
      ],
      SecurityAlert: ['risk', 'delayed'].map((namespace) =>
        told('told by the first run', FIRST_RUN, namespace),
      ),
    },
  },
  {
    of: 'exporter-silent',
    variant: 'alive',
    key: 'AlertSeverity',
    expected: [],
    next: ['Medium'],
    tables: {
      EntraRiskExportHealth_CL: [
        heartbeat('silent: followed by another', '95m', '100m'),
        heartbeat(
          'silent: a sign of life, late but within the hour',
          { sent: ago('50m'), arrived: ago('1m') },
          '95m',
        ),
      ],
    },
  },
  {
    of: 'exporter-silent',
    variant: 'second-day',
    key: 'strcat(SourceNamespace, ": ", AlertSeverity)',
    expected: ['risk: High'],
    next: [],
    tables: {
      EntraRiskExportHealth_CL: [
        heartbeat('fires again: nothing for a day and an hour', '25h30m', '25h35m'),
        heartbeat('silent: told five hours ago', '30h', '30h5m', { SourceNamespace: 'told' }),
      ],
      SecurityAlert: [
        told('told a day ago', '24h', 'risk'),
        told('told five hours ago', '5h', 'told'),
        told('told by the first run', FIRST_RUN, 'risk'),
      ],
    },
  },
  {
    of: 'export-incomplete',
    key: 'strcat(SourceNamespace, ": ", array_length(Findings), " findings, ", AlertSeverity)',
    expected: ['risk: 4 findings, High', 'other: 1 findings, Medium'],
    next: [],
    tables: {
      EntraRiskExportHealth_CL: [
        heartbeat('silent: all well', '6h', '6h5m'),
        heartbeat('fires: of the three hours and a half before it nothing is told', '2h30m', '2h35m'),
        heartbeat('silent: follows it', '2h25m', '2h30m'),
        heartbeat('fires: two dead letters', '40m', '45m', { DeadLetters: 2, RecordsFaulty: 1 }),
        heartbeat('fires: an event is pending for more than an hour', '35m', '40m', {
          OldestPendingSeconds: 4000,
        }),
        heartbeat('silent: all well', '2m', '35m'),
        heartbeat('fires: a record that cannot be read', '38m', '43m', {
          SourceNamespace: 'other',
          RecordsFaulty: 1,
        }),
        heartbeat('silent: not a gap, it follows a heartbeat of its own', '33m', '38m', {
          SourceNamespace: 'other',
        }),
        heartbeat('silent: all well', '70m', '75m', { SourceNamespace: 'overtaken' }),
        heartbeat('silent: the one before it may still come', '60m', '65m', { SourceNamespace: 'overtaken' }),
        heartbeat(
          'silent: comes after the run, within two hours',
          { sent: ago('65m'), arrived: ahead('20m') },
          '70m',
          { SourceNamespace: 'overtaken' },
        ),
      ],
    },
  },
]
