import { type ArrivedRow, at } from './rows.ts'

/** A part of a rule or function, by the name of its file, that stands in place of another. */
export interface Defect {
  readonly file: string
  readonly from: string
  readonly to: string
}

/** Rows that arrive over time, and the alerts that the scheduled runs of a rule must raise. */
export interface RiskScenario {
  readonly title: string
  /** Name of the rule's file. */
  readonly rule: string
  /** Of the first and the last run; the rule runs as often as it says. */
  readonly from: string
  readonly to: string
  /** Times of all runs, where these are not as far apart as the rule says. */
  readonly runs?: readonly string[]
  readonly tables: Readonly<Record<string, readonly ArrivedRow[]>>
  /** Watchlists by alias, as tables in KQL; empty where not named. */
  readonly watchlists?: Readonly<Record<string, string>>
  /** What makes this scenario fail, and no other: of one that guards what no version of the content did wrong. */
  readonly defect?: Defect
  /** As `10:00 High The title`, by the time of the run; those of one run in any order. */
  readonly alerts: readonly string[]
}

/** Runs of a working day. */
export const MORNING = { from: at('09:00'), to: at('14:00') } as const

/** The title of an alert on the usual detection. */
export const HIGH = 'High High risk on payroll: suspiciousSignins'

export const many = (count: number, row: (n: number) => ArrivedRow): readonly ArrivedRow[] =>
  Array.from({ length: count }, (_, n) => row(n))
