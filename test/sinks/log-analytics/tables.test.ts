import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { streamOf, tableDeclarations } from '../../../shared/sinks/log-analytics/tables.ts'

const FILE = new URL('../../../infra/tables.json', import.meta.url)
const TABLES = tableDeclarations()
const COLUMNS = TABLES.flatMap(({ name: table, columns }) => columns.map((column) => ({ table, ...column })))

/** https://learn.microsoft.com/azure/azure-monitor/logs/create-custom-table */
const RESERVED = new Set(
  'id BilledSize IsBillable InvalidTimeGenerated TenantId Title Type UniqueId _ItemId _ResourceGroup _ResourceId _SubscriptionId _TimeReceived'
    .toLowerCase()
    .split(' '),
)
const TYPES = new Set(['string', 'int', 'long', 'real', 'boolean', 'datetime', 'dynamic'])
/** Workspaces have at most 500 columns in a table. */
const MAX_COLUMNS = 500

test('the infrastructure makes the tables that the program fills (UPDATE=1 writes the file anew)', async () => {
  const declared = `${JSON.stringify(TABLES, null, 2)}\n`
  if (process.env.UPDATE === '1') await writeFile(FILE, declared)
  expect(await readFile(FILE, 'utf8')).toBe(declared)
})

test.each(TABLES)('the name of the table $name is one that Log Analytics takes', ({ name, stream }) => {
  expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]*_CL$/)
  expect(name.length).toBeGreaterThanOrEqual(4)
  expect(name.length).toBeLessThanOrEqual(63)
  expect(stream).toBe(streamOf(name))
})

test.each(COLUMNS)(
  'the column $table.$name is one that Log Analytics takes',
  ({ name, type, description }) => {
    expect(name).toMatch(/^[A-Z][A-Za-z0-9]{1,44}$/)
    expect(RESERVED.has(name.toLowerCase())).toBe(false)
    expect(TYPES.has(type)).toBe(true)
    expect(name.endsWith('DateTime') || name === 'TimeGenerated').toBe(type === 'datetime')
    expect(description).toMatch(/\.$/)
  },
)

test.each(TABLES)('the columns of $name are distinct even where case does not count', ({ columns }) => {
  expect(new Set(columns.map(({ name }) => name.toLowerCase())).size).toBe(columns.length)
  expect(columns.length).toBeLessThanOrEqual(MAX_COLUMNS)
  expect(columns.filter(({ name }) => name === 'TimeGenerated')).toHaveLength(1)
})

test('a column of one name has one type in all tables', () => {
  const names = new Set(COLUMNS.map(({ name }) => name))
  const typed = new Set(COLUMNS.map(({ name, type }) => `${name} ${type}`))
  expect(typed.size).toBe(names.size)
})
