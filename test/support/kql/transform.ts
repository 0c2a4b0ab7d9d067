import { type Columns, keptAnalyserFor, referencesOf } from './analyse.ts'
import { nodesOf } from './syntax.ts'

/**
 * What a data collection rule may use in `transformKql`. Source:
 * https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-transformations-kql
 * (January 2026).
 */
const OPERATORS = new Set([
  'FilterOperator',
  'ExtendOperator',
  'ProjectOperator',
  'ProjectAwayOperator',
  'ProjectRenameOperator',
  'ParseOperator',
  'PrintOperator',
])

const FUNCTIONS = new Set(
  (
    'tobool todatetime todouble toreal toguid toint tolong tostring totimespan ago datetime_add datetime_diff datetime_part ' +
    'dayofmonth dayofweek dayofyear endofday endofmonth endofweek endofyear getmonth getyear hourofday make_datetime ' +
    'make_timespan now startofday startofmonth startofweek startofyear weekofyear array_concat array_length pack_array ' +
    'pack parse_json parse_xml zip abs bin floor ceiling exp exp10 exp2 isfinite isinf isnan log log10 log2 pow round ' +
    'sign case iif max_of min_of countof extract extract_all indexof isempty isnotempty split strcat strcat_delim strlen ' +
    'substring tolower toupper hash_sha256 gettype isnotnull isnull'
  ).split(' '),
)

/** Everything that is wrong with a transformation of one stream into one table. */
export const transformProblems = (
  transformKql: string,
  stream: Columns,
  table: Columns,
): readonly string[] => {
  const analysis = keptAnalyserFor({ tables: { source: stream }, functions: [] })(transformKql)
  const operators = nodesOf(analysis.syntax)
    .map((n) => n.type)
    .filter((t) => t.endsWith('Operator'))
  const columns = analysis.columns ?? {}
  return [
    ...analysis.errors,
    ...operators.filter((o) => !OPERATORS.has(o)).map((o) => `operator ${o} is not allowed`),
    ...[...referencesOf(analysis)]
      .filter((name) => name !== 'source' && !FUNCTIONS.has(name))
      .map((name) => `function ${name} is not allowed`),
    ...Object.entries(table)
      .filter(([name, type]) => columns[name] !== type)
      .map(([name, type]) => `column ${name} is ${columns[name] ?? 'missing'}, the table wants ${type}`),
  ]
}
