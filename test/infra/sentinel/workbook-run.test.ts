import { describe, expect, it } from 'vitest'
import { workbookQueries } from '../../support/kql/content-queries.ts'
import type { ResultRow } from '../../support/kql/run/stored-rows.ts'
import { secretAdded } from './scenarios/activity/entries.ts'
import {
  type ArrivedRow,
  at,
  type Cells,
  detection,
  KEY,
  PAYROLL,
  signIn,
  state,
} from './scenarios/risk/rows.ts'
import { rowsAt } from './scenarios/risk/simulation.ts'

type Tables = Readonly<Record<string, readonly ArrivedRow[]>>
type Choices = Parameters<typeof workbookQueries>[0]

const NOW = at('12:00')
const tiles = workbookQueries().map(({ place }) => place.replace('workbook, ', ''))
/** What a tile shows at noon. */
function shown(tile: string, tables: Tables, choices: Choices = {}): readonly ResultRow[] {
  const found = workbookQueries(choices).find(({ place }) => place === `workbook, ${tile}`)
  if (found === undefined) throw new Error(`no tile ${tile}`)
  return rowsAt(NOW, found.query, tables, { rangeMs: 90 * 86_400_000 })
}

/** A heartbeat of an exporter, sent a second after it was made. */
const beat = (time: string, cells: Cells): ArrivedRow => ({
  arrivedAt: at(time),
  cells: {
    TimeGenerated: at(time).replace(':00.000Z', ':01.000Z'),
    EventId: `${JSON.stringify(cells)} ${time}`,
    Origin: 'exporter',
    EntraTenantId: 'contoso',
    SourceNamespace: 'risk-a',
    LastUpdatedDateTime: at(time),
    SinceDateTime: at(time),
    ExporterVersion: '1.0.0',
    RecordsRead: 2,
    ...cells,
  },
})
const told = (delivered: number): Cells => ({ Sinks: { 'log-analytics': { delivered } } })

const ofContoso: Cells = { EntraTenantId: 'contoso', SourceNamespace: 'risk-a' }
const BILLING: Cells = { IdentityId: PAYROLL.replaceAll('1', 'a'), IdentityDisplayName: 'billing', AppId: '' }
const WORKSPACE: Tables = {
  EntraRiskDetections_CL: [
    detection('2026-11-09T09:00', '2026-11-09T11:02', {
      ...ofContoso,
      ActivityDateTime: at('2026-11-08T09:00'),
      ArchiveBlob: 'v1/one.jsonl.gz',
      ArchiveLine: 7,
    }),
  ],
  EntraRiskyIdentities_CL: [
    state('2026-11-09T09:00', '2026-11-09T09:10', 'atRisk', ofContoso),
    state('2026-11-06T09:00', '2026-11-06T09:10', 'atRisk', { ...BILLING, EntraTenantId: 'fabrikam' }),
    state('2026-11-07T21:00', '2026-11-07T21:10', 'remediated', { ...BILLING, EntraTenantId: 'fabrikam' }),
  ],
  AADServicePrincipalSignInLogs: [signIn('10:00')],
  AuditLogs: [secretAdded('10:20', KEY)],
  SecurityAlert: [
    {
      arrivedAt: at('11:00'),
      cells: {
        TimeGenerated: at('11:00'),
        SystemAlertId: 'alert-1',
        DisplayName: 'High risk on payroll',
        Entities: JSON.stringify([{ Type: 'account', AadUserId: PAYROLL }]),
        AlertLink: 'https://security.example/alerts/alert-1',
      },
    },
  ],
  EntraRiskExportHealth_CL: [
    beat('11:50', told(3)),
    beat('11:58', { ...told(1), SinceDateTime: at('11:54') }),
  ],
}
const ofPayroll = { Identity: PAYROLL, Archive: 'https://archive.example/archive' }

describe('the workbook, over an empty workspace,', () => {
  it.each(tiles)('%s is empty, and no error', (tile) => {
    expect(shown(tile, {})).toEqual([])
  })
})

describe('the workbook, over rows,', () => {
  it.each(tiles)('%s shows something', (tile) => {
    expect(shown(tile, WORKSPACE, ofPayroll)).not.toEqual([])
  })

  it('is narrowed by tenant', () => {
    const names = (Tenant: string) => shown('identities-list', WORKSPACE, { Tenant })
    expect(names('"fabrikam"').map((row) => row['Identity'])).toEqual(['billing'])
    expect(names('"contoso", "fabrikam"').map((row) => row['Identity'])).toEqual(['payroll', 'billing'])
    expect(shown('Tenant', WORKSPACE)).toEqual([{ EntraTenantId: 'contoso' }, { EntraTenantId: 'fabrikam' }])
  })

  it('shows the trend of open risk: what was open at the end of each day, and what is now', () => {
    const days = ['2026-11-06T00:00', '2026-11-09T00:00', '00:00']
    expect(shown('open-by-severity', WORKSPACE)).toEqual(
      days.map((day) => ({ EndOfDay: at(day), AlertSeverity: 'High', Identities: 1 })),
    )
  })

  it('tells the time to detect and the time to close', () => {
    expect(shown('time-to-detect', WORKSPACE)).toMatchObject([
      {
        RiskEventType: 'suspiciousSignins',
        Detections: 1,
        MedianHoursToDetect: 24,
        MedianHoursToWorkspace: 2,
      },
    ])
    expect(shown('time-to-close', WORKSPACE)).toEqual([
      { ClosedAs: 'remediated', Closed: 1, MedianHours: 36, P95Hours: 36 },
    ])
  })

  it('leads from an identity to its alerts, its changes and its evidence', () => {
    expect(shown('identity-alerts', WORKSPACE, ofPayroll)).toMatchObject([
      { Alert: 'High risk on payroll', AlertLink: 'https://security.example/alerts/alert-1' },
    ])
    const timeline = shown('identity-timeline', WORKSPACE, ofPayroll)
    expect(timeline.map((row) => row['What'])).toEqual([
      expect.stringContaining('change: Update application'),
      'first sign-in from this address',
      'state: atRisk',
      'detection: suspiciousSignins',
    ])
    expect(timeline.at(-1)).toMatchObject({
      Evidence: 'https://archive.example/archive/v1/one.jsonl.gz',
      Blob: 'v1/one.jsonl.gz',
      Line: 7,
    })
  })

  it('names the blob of the evidence, and links to none, where the address of the archive is not given', () => {
    const timeline = shown('identity-timeline', WORKSPACE, { ...ofPayroll, Archive: '' })
    expect(timeline.at(-1)).toMatchObject({ Evidence: '', Blob: 'v1/one.jsonl.gz' })
  })

  it('compares what was delivered with what arrived for each exporter, right across midnight', () => {
    const exporters: readonly Cells[] = [
      { EntraTenantId: 'contoso', SourceNamespace: 'risk-a' },
      { EntraTenantId: 'contoso', SourceNamespace: 'risk-b' },
      { EntraTenantId: 'fabrikam', SourceNamespace: 'risk-a' },
    ]
    // The detection of a minute before midnight, told of by the heartbeat after it, is lost on one way
    const health = exporters.flatMap((exporter) =>
      (
        [
          ['2026-11-09T23:51', 9],
          ['2026-11-09T23:56', 1],
          ['00:01', 2],
          ['00:06', 1],
        ] as const
      ).map(([time, delivered]) => beat(time, { ...exporter, ...told(delivered) })),
    )
    const rows = exporters
      .filter(({ SourceNamespace }) => SourceNamespace === 'risk-a')
      .map((exporter) => detection('2026-11-09T23:50', '00:01', exporter))
    const found = shown('completeness', {
      EntraRiskExportHealth_CL: health,
      EntraRiskDetections_CL: rows,
    })
    expect(
      found.map((row) => [
        row['Day'],
        row['Tenant'],
        row['SourceNamespace'],
        row['Delivered'],
        row['Rows'],
        row['Missing'],
      ]),
    ).toEqual([
      [at('00:00'), 'contoso', 'risk-a', 3, 3, 0],
      [at('00:00'), 'contoso', 'risk-b', 3, 2, 1],
      [at('00:00'), 'fabrikam', 'risk-a', 3, 3, 0],
      [at('2026-11-09T00:00'), 'contoso', 'risk-a', 1, 1, 0],
      [at('2026-11-09T00:00'), 'contoso', 'risk-b', 1, 1, 0],
      [at('2026-11-09T00:00'), 'fabrikam', 'risk-a', 1, 1, 0],
    ])
  })
})
