import type { ArrivedRow, Cells } from '../risk/rows.ts'
import type { RiskScenario } from '../risk/scenario.ts'

const minute = (minutes: number): string =>
  new Date(Date.parse('2026-11-10T00:00:00.000Z') + minutes * 60_000).toISOString()

/** A heartbeat of the exporter of a tenant, a minute of the tenth after the one five minutes before. */
const beat = (tenant: string, minutes: number, cells: Cells = {}): ArrivedRow => ({
  arrivedAt: minute(minutes),
  cells: {
    TimeGenerated: minute(minutes),
    EventId: `${tenant} ${minutes}`,
    Origin: 'exporter',
    EntraTenantId: tenant,
    SourceNamespace: `risk-${tenant}`,
    LastUpdatedDateTime: minute(minutes),
    SinceDateTime: minute(minutes - 5),
    DeadLetters: 0,
    RecordsFaulty: 0,
    OldestPendingSeconds: 0,
    ...cells,
  },
})
const beats = (tenant: string, from: number, to: number, cells: Cells = {}): readonly ArrivedRow[] =>
  Array.from({ length: (to - from) / 5 }, (_, n) => beat(tenant, from + n * 5, cells))

const day = { from: minute(60), to: minute(25 * 60) } as const
const HOUR = 60

/** The exporter itself; a tenant's exporter does not hide another's. */
export const health: readonly RiskScenario[] = [
  {
    title: 'of two exporters in one workspace, the dead one is told',
    rule: 'exporter-silent',
    ...day,
    tables: { EntraRiskExportHealth_CL: [...beats('a', 0, HOUR), ...beats('b', 0, 26 * HOUR)] },
    alerts: ['02:00 Medium Risk export of risk-a has been silent for 1 h'],
  },
  {
    title: 'two that die one after the other are told each',
    rule: 'exporter-silent',
    ...day,
    tables: { EntraRiskExportHealth_CL: [...beats('a', 0, HOUR), ...beats('b', 0, 4 * HOUR)] },
    alerts: [
      '02:00 Medium Risk export of risk-a has been silent for 1 h',
      '05:00 Medium Risk export of risk-b has been silent for 1 h',
    ],
  },
  {
    title: 'a dead exporter is one alert a day',
    rule: 'exporter-silent',
    from: minute(HOUR),
    to: minute(71 * HOUR),
    tables: { EntraRiskExportHealth_CL: beats('a', 0, HOUR) },
    alerts: [
      '02:00 High Risk export of risk-a has been silent for 25 h',
      '02:00 High Risk export of risk-a has been silent for 49 h',
      '02:00 Medium Risk export of risk-a has been silent for 1 h',
    ],
  },
  {
    title: 'a silence is told once, however far apart the runs are',
    rule: 'exporter-silent',
    ...day,
    runs: [minute(100), minute(110), minute(175), minute(185), minute(200), minute(390), minute(460)],
    tables: { EntraRiskExportHealth_CL: beats('a', 0, HOUR) },
    alerts: ['02:55 Medium Risk export of risk-a has been silent for 2 h'],
  },
  {
    title: 'an exporter that is heard again and dies again is told again',
    rule: 'exporter-silent',
    ...day,
    tables: { EntraRiskExportHealth_CL: [...beats('a', 0, HOUR), ...beats('a', 3 * HOUR, 4 * HOUR)] },
    alerts: [
      '02:00 Medium Risk export of risk-a has been silent for 1 h',
      '05:00 Medium Risk export of risk-a has been silent for 1 h',
    ],
  },
  {
    title: 'test events of operators are no sign of life',
    rule: 'exporter-silent',
    ...day,
    tables: {
      EntraRiskExportHealth_CL: [
        ...beats('a', 0, HOUR),
        ...beats('a', HOUR, 26 * HOUR, { Origin: 'operator' }),
      ],
    },
    alerts: ['02:00 Medium Risk export of risk-a has been silent for 1 h'],
  },
  {
    title: 'a gap of one exporter shows between the heartbeats of another',
    rule: 'export-incomplete',
    ...day,
    tables: {
      EntraRiskExportHealth_CL: [
        ...beats('a', 0, HOUR),
        ...beats('a', 9 * HOUR, 26 * HOUR),
        ...beats('b', 0, 26 * HOUR),
      ],
    },
    alerts: ['11:00 Medium Risk export of risk-a incomplete (ranges without a heartbeat: 1)'],
  },
  {
    title: 'trouble that lasts is one alert a day for each finding',
    rule: 'export-incomplete',
    from: minute(HOUR),
    to: minute(47 * HOUR),
    tables: {
      EntraRiskExportHealth_CL: beats('a', 5, 47 * HOUR, { DeadLetters: 1, OldestPendingSeconds: 9000 }),
    },
    alerts: [
      '00:00 High Risk export of risk-a incomplete (dead letters: 1, heartbeats with an event pending for long: 1)',
      '01:00 High Risk export of risk-a incomplete (dead letters: 12, heartbeats with an event pending for long: 12)',
    ],
  },
]
