import { describe, expect, it } from 'vitest'
import { AGGREGATES } from '../../../support/kql/run/aggregates.ts'
import { ARITHMETIC } from '../../../support/kql/run/arithmetic.ts'
import { SOURCES } from '../../../support/kql/run/compiler.ts'
import { FUNCTIONS } from '../../../support/kql/run/functions/all-functions.ts'
import { interpreterFor } from '../../../support/kql/run/interpreter.ts'
import { JOIN_KINDS } from '../../../support/kql/run/join.ts'
import { COMPARISONS, JUNCTIONS } from '../../../support/kql/run/logic.ts'
import { STEPS } from '../../../support/kql/run/steps.ts'
import { TEXT_OPERATORS } from '../../../support/kql/run/texts.ts'
import { TYPES } from '../../../support/kql/run/values.ts'
import { WINDOWS } from '../../../support/kql/run/windows.ts'
import { workspaceWith } from '../../../support/kql/run/workspace.ts'
import { refusals } from './refusals.ts'
import { SCALAR_CASES } from './scalar-cases.ts'
import { TABLE_CASES } from './table-cases.ts'

const run = interpreterFor(workspaceWith({}))
const MEMBERSHIPS = ['between', 'in', '!in', 'in~', '!in~', 'has_any', 'has_all']
const NOW = '2026-11-27T12:00:00Z'
const rowsOf = (query: string) =>
  run(query)
    .at(NOW, {})
    .map((row) => Object.values(row))

/** Pages are those of https://learn.microsoft.com/kusto/query/. */
describe('a scalar is what its page in the documentation of Kusto says', () => {
  it.each(SCALAR_CASES)('%s: %s', (_, expression, expected) => {
    expect(rowsOf(`print ${expression}`)).toEqual([[expected]])
  })
})

describe('rows are those that the documentation of Kusto shows', () => {
  it.each(TABLE_CASES.map((c) => [c.page, c.query, c.rows] as const))('%s: %s', (_, query, rows) => {
    expect(rowsOf(query)).toEqual(rows)
  })
})

describe('what is not covered is refused, with its name and the query', () => {
  it.each(refusals)('%s', (query, message) => {
    expect(() => rowsOf(query)).toThrow(message)
    expect(() => rowsOf(query)).toThrow(`in the query: ${query.slice(0, 50)}`)
  })
})

describe('what is covered', () => {
  const texts = [...SCALAR_CASES.map(([, text]) => text), ...TABLE_CASES.map(({ query }) => query)].join('\n')
  const listed = (names: readonly string[]): string =>
    names
      .map((name) => `\`${name}\``)
      .sort()
      .join(', ')
  const words = (kinds: object): readonly string[] =>
    Object.keys(kinds).map((kind) =>
      kind
        .replace(/(Operator|Expression)$/, '')
        .replace('Filter', 'Where')
        .replace('DataTable', 'Datatable')
        .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
        .toLowerCase(),
    )

  it.each([...Object.keys(FUNCTIONS), ...Object.keys(AGGREGATES), ...Object.keys(WINDOWS)])(
    '%s() has a case',
    (name) => {
      expect(texts).toMatch(new RegExp(`\\b${name}\\(`))
    },
  )

  it('is on one page', async () => {
    await expect(
      [
        '# What the interpreter covers of KQL',
        '',
        'Generated: do not edit. Anything else throws.',
        '',
        '| | |',
        '|---|---|',
        `| Types | ${listed(TYPES)} |`,
        `| Sources of rows | ${listed(words(SOURCES).filter((word) => word !== 'pipe'))}, tables and functions of the workspace, \`_GetWatchlist\` |`,
        `| Operators | ${listed(words(STEPS))} |`,
        `| Kinds of join | ${listed(JOIN_KINDS)} |`,
        `| Operators on scalars | ${listed([...Object.keys(COMPARISONS), ...Object.keys(JUNCTIONS), ...ARITHMETIC, ...Object.keys(TEXT_OPERATORS), ...MEMBERSHIPS])} |`,
        `| Functions | ${listed([...Object.keys(FUNCTIONS), 'column_ifexists', 'ingestion_time', 'toscalar'])} |`,
        `| Functions over the rows around | ${listed(Object.keys(WINDOWS))} |`,
        `| Aggregates | ${listed([...Object.keys(AGGREGATES), 'arg_max', 'arg_min'])} |`,
        '| Statements | `let`, of scalars, tables and functions with parameters of both kinds and defaults |',
        '',
      ].join('\n'),
    ).toMatchFileSnapshot('../../../support/kql/run/coverage.md')
  })
})
