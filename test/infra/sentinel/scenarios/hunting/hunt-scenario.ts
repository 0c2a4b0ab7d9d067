import type { ResultRow } from '../../../../support/kql/run/stored-rows.ts'
import { hunts } from '../../../../support/kql/sentinel-content.ts'
import { type ArrivedRow, at, type Cells, detection, PAYROLL, signIn } from '../risk/rows.ts'
import { rowsAt } from '../risk/simulation.ts'

/** Rows of a workspace, and what a hunting query finds in them at two o'clock in the afternoon. */
export interface HuntScenario {
  readonly title: string
  /** Name of the query's file. */
  readonly hunt: string
  readonly tables: Readonly<Record<string, readonly ArrivedRow[]>>
  /** What a person writes into the first lines of the query, by the name of the line. */
  readonly filledIn?: Readonly<Record<string, string>>
  /** Watchlists by alias, as tables in KQL; empty where not named. */
  readonly watchlists?: Readonly<Record<string, string>>
  /** The rows found, in their order; columns not named do not matter. */
  readonly rows: readonly Cells[]
}

/** An identity with a clean record, whose doings no query may show. */
export const BACKUP = '88888888-8888-4888-8888-888888888888'
export const BACKUP_APP = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb'

/** The risk of all scenarios: an activity of two days before it was detected. */
export const ACTIVITY = at('2026-11-08T09:00')
export const risky = detection('09:50', '10:02', { ActivityDateTime: ACTIVITY })
export const SINCE = '2026-11-08T09:30'
export const BEFORE = '2026-11-05T09:00'
export const INTRUDER = '198.51.100.9'

/** A sign-in of the identity with the clean record. */
export const byBackup = (when: string, cells: Cells = {}): ArrivedRow =>
  signIn(when, {
    ServicePrincipalId: BACKUP,
    ServicePrincipalName: 'backup',
    AppId: BACKUP_APP,
    ServicePrincipalCredentialKeyId: '',
    ...cells,
  })

/** A row of any table that was sent and arrived at one time. */
export const row = (when: string, cells: Cells): ArrivedRow => ({
  arrivedAt: at(when),
  cells: { TimeGenerated: at(when), ...cells },
})

/** The query of a scenario as a person runs it. Throws where there is none, or no such line. */
export const queryOf = ({ hunt, filledIn = {} }: HuntScenario): string => {
  const query = hunts().find(({ file }) => file.endsWith(`/${hunt}.yaml`))?.rule.query
  if (query === undefined) throw new Error(`no hunting query ${hunt}`)
  return Object.entries(filledIn).reduce((text, [name, value]) => {
    if (!text.includes(`let ${name} = "";`)) throw new Error(`${hunt} asks for no ${name}`)
    return text.replace(`let ${name} = "";`, `let ${name} = "${value}";`)
  }, query)
}

/** What a scenario's query finds. */
export const foundBy = (scenario: HuntScenario): readonly ResultRow[] =>
  rowsAt(at('14:00'), queryOf(scenario), scenario.tables, {
    rangeMs: 90 * 86_400_000,
    watchlists: scenario.watchlists ?? {},
  })

export const payrollRow: Cells = { IdentityId: PAYROLL, IdentityDisplayName: 'payroll' }
