import { describe, expect, it } from 'vitest'
import { read } from '../../../support/kql/sentinel-content.ts'
import { type ArrivedRow, at, detection, KEY, signIn, state } from './risk/rows.ts'
import { alertsOf, rowsAt } from './risk/simulation.ts'

type Tables = Readonly<Record<string, readonly ArrivedRow[]>>
const DAY_MS = 86_400_000
const dayAfter = (time: string, days: number): string =>
  new Date(Date.parse(time) + days * DAY_MS).toISOString()

/** The rows that the summary rule writes for each day, an hour after its end: those of one day are read on the next. */
function dailyRows(tables: Tables, from: string, days: number): readonly ArrivedRow[] {
  let carried: readonly ArrivedRow[] = []
  for (let day = 1; day <= days; day++) {
    const end = dayAfter(from, day)
    const found = rowsAt(
      end,
      read('infra/sentinel/risk-state.kql'),
      { ...tables, EntraWorkloadRiskState_CL: carried },
      { rangeMs: DAY_MS },
    )
    const written = new Date(Date.parse(end) + 3_600_000).toISOString()
    carried = found.map((row) => ({
      arrivedAt: written,
      cells: { ...row, TimeGenerated: written },
    }))
  }
  return carried
}

const LEAK = { RiskEventType: 'leakedCredentials', KeyIds: [KEY] }
const OPENED = {
  EntraRiskDetections_CL: [detection('2026-10-15T09:00', '2026-10-15T09:10', LEAK)],
  EntraRiskyIdentities_CL: [state('2026-10-15T09:00', '2026-10-15T09:10', 'atRisk')],
}
const FROM = at('2026-10-15T00:00')

describe('the daily rows of open risk', () => {
  it('carry a risk from day to day, however long ago it was published', () => {
    const rows = dailyRows(OPENED, FROM, 25)
    expect(
      rows.map(({ cells }) => [cells['Kind'], cells['CarriedBeganDateTime'], cells['RiskState']]),
    ).toEqual(
      expect.arrayContaining([
        ['riskDetection', at('2026-10-15T09:00'), 'atRisk'],
        ['riskyIdentity', at('2026-10-15T09:00'), 'atRisk'],
      ]),
    )
    expect(rows).toHaveLength(2)
  })

  it('end with the day on which the risk was closed', () => {
    const closed = [
      ...OPENED.EntraRiskyIdentities_CL,
      state('2026-10-20T09:00', '2026-10-20T09:10', 'dismissed'),
    ]
    expect(dailyRows({ ...OPENED, EntraRiskyIdentities_CL: closed }, FROM, 10)).toEqual([])
  })

  it('let a rule alert on a leak of four weeks ago whose key is used today', () => {
    const EntraWorkloadRiskState_CL = dailyRows(OPENED, FROM, 26)
    const alerts = alertsOf({
      title: 'used today',
      rule: 'leaked-credential-in-use',
      from: at('09:00'),
      to: at('14:00'),
      tables: { EntraWorkloadRiskState_CL, AADServicePrincipalSignInLogs: [signIn('10:30')] },
      alerts: [],
    })
    expect(alerts).toEqual(['11:00 High Leaked credential of payroll: used since it leaked'])
  })
})
