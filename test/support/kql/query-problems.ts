import type { Analysis } from './analyse.ts'
import { columnsComparedWithNow, containsInsteadOfHas, mixedComparisons, withoutTimeFilter } from './lints.ts'
import { NATIVE_TABLES } from './native-tables.ts'
import { mappedColumns } from './rule-limits.ts'
import type { Rule } from './sentinel-content.ts'
import { OWN_TABLES } from './workspace.ts'

/**
 * Functions that return rows of all times. `EntraWorkloadRisk` does not: a latest state may be old.
 */
const TIMED_FUNCTIONS = [
  'EntraWorkloadRiskHistory',
  'EntraWorkloadDetections',
  'EntraWorkloadSignIns',
  'EntraWorkloadChanges',
  'EntraWorkloadChangesAroundRisk',
]
const TIMED = new Set([...Object.keys(OWN_TABLES), ...Object.keys(NATIVE_TABLES), ...TIMED_FUNCTIONS])

/** Times at which a row came here: on these alone may it depend whether a rule looks at the row. */
const TIMES_OF_ARRIVAL = /^(?:TimeGenerated|\w*ArrivedDateTime|JoinedDateTime|LastHeartbeat)$/

/** What is wrong with any query of ours. */
export const queryProblems = (analysis: Analysis): readonly string[] => [
  ...analysis.errors,
  ...analysis.warnings,
  ...(analysis.columns === undefined ? ['its columns cannot be known'] : []),
  ...containsInsteadOfHas(analysis),
  ...mixedComparisons(analysis),
]

/** The same for one that reads tables and is no function. */
export const boundedQueryProblems = (analysis: Analysis): readonly string[] => [
  ...queryProblems(analysis),
  ...withoutTimeFilter(analysis, TIMED),
]

/** Columns that a rule or hunting query maps, and its query does not give. */
export const mappingProblems = (rule: Rule, analysis: Analysis): readonly string[] =>
  mappedColumns(rule)
    .filter(([, column]) => !(column in (analysis.columns ?? {})))
    .map(([place, column]) => `${place}: the query gives no column ${column}`)

/** Columns other than those of arrival by which a rule decides whether it is time for a row. */
export const windowProblems = (analysis: Analysis): readonly string[] =>
  [...columnsComparedWithNow(analysis)]
    .filter((column) => !TIMES_OF_ARRIVAL.test(column))
    .map((column) => `${column} is compared with the clock: a late row would be missed`)
