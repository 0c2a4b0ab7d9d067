import type { FixtureCase } from '../fixture.ts'
import { heartbeat } from './rows.ts'

/** Rules that look at the exporter itself. */
export const healthCases: readonly FixtureCase[] = [
  {
    of: 'exporter-silent',
    key: 'AlertSeverity',
    expected: ['Medium'],
    tables: {
      EntraRiskExportHealth_CL: [
        heartbeat('the last sign of life but one', '95m', '100m'),
        heartbeat('fires: the last sign of life, an hour and a half ago', '90m', '95m'),
      ],
    },
  },
  {
    of: 'exporter-silent',
    variant: 'alive',
    key: 'AlertSeverity',
    expected: [],
    tables: {
      EntraRiskExportHealth_CL: [
        heartbeat('silent: followed by another', '95m', '100m'),
        heartbeat('silent: a sign of life, late but within the hour', '50m', '95m'),
      ],
    },
  },
  {
    of: 'exporter-silent',
    variant: 'never-heard-of',
    key: 'AlertSeverity',
    expected: ['High'],
    tables: { EntraRiskExportHealth_CL: [heartbeat('fires: nothing for more than a day', '30h', '30h5m')] },
  },
  {
    of: 'export-incomplete',
    key: 'strcat(Amount, " ", Finding)',
    expected: [
      '3 dead letters',
      '1 unreadable records',
      '4000 seconds that the oldest event is pending',
      '1 ranges without a heartbeat',
    ],
    tables: {
      EntraRiskExportHealth_CL: [
        heartbeat('silent: the day began', '13h', '13h5m'),
        heartbeat('silent: an earlier run told of the gap before it', '12h', '12h5m'),
        heartbeat('silent: follows it', '11h', '12h'),
        heartbeat('silent: long ago', '6h', '11h', { DeadLetters: 9 }),
        heartbeat('silent: follows it', '5h55m', '6h'),
        heartbeat('fires: of the three hours and a half before it nothing is told', '2h30m', '2h35m'),
        heartbeat('silent: follows it', '2h25m', '2h30m'),
        heartbeat('fires: two dead letters', '40m', '45m', { DeadLetters: 2, RecordsFaulty: 1 }),
        heartbeat('fires: one more', '35m', '40m', { DeadLetters: 1, OldestPendingSeconds: 4000 }),
        heartbeat('silent: all well', '2m', '35m'),
      ],
    },
  },
]
