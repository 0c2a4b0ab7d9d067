import { readdirSync } from 'node:fs'
import { read, WORKBOOK } from './sentinel-content.ts'

/** A query and where it stands. */
export interface LocatedQuery {
  readonly place: string
  readonly query: string
}

/** Values that a person would choose in the workbook. */
const CHOICES = {
  'TimeRange:grain': '1d',
  TimeRange: '> ago(7d)',
  Tenant: '"*"',
  Archive: 'https://archive.example/archive',
  Identity: '00000000-0000-4000-8000-000000000000',
}
type Choices = Partial<typeof CHOICES>

function* queriesWithin(value: unknown, name: string): Generator<LocatedQuery> {
  if (typeof value !== 'object' || value === null) return
  const own = 'name' in value && typeof value.name === 'string' ? value.name : name
  for (const [key, member] of Object.entries(value)) {
    if (key === 'query' && typeof member === 'string') yield { place: `workbook, ${own}`, query: member }
    else yield* queriesWithin(member, own)
  }
}

/** All queries of the workbook, its parameters chosen. */
export function workbookQueries(choices: Choices = {}): readonly LocatedQuery[] {
  const values = Object.entries({ ...CHOICES, ...choices })
  return [...queriesWithin(JSON.parse(read(WORKBOOK)), '')].map(({ place, query }) => ({
    place,
    query: values.reduce((text, [parameter, value]) => text.replaceAll(`{${parameter}}`, value), query),
  }))
}

const infraFiles = (extension: RegExp): readonly string[] =>
  readdirSync('infra', { recursive: true, encoding: 'utf8' })
    .filter((name) => extension.test(name) && !name.startsWith('sentinel/fixtures'))
    .map((name) => `infra/${name}`)
    .sort()

/** Queries in `.kql` files beside the Bicep that deploys them. Alarms are checked as they are deployed. */
export const infraQueries = (): readonly LocatedQuery[] =>
  infraFiles(/\.kql$/).map((file) => ({ place: file, query: read(file) }))

/**
 * Transformations of data collection rules in Bicep, with the table that each feeds where the text
 * says so.
 */
export const transforms = (): readonly LocatedQuery[] =>
  infraFiles(/\.bicep$/).flatMap((file) =>
    [...read(file).matchAll(/\btransformKql:\s*'((?:[^'\\\n]|\\.)+)'/g)].map(([, query = '']) => ({
      place: file,
      query: query.replace(/\\(['\\$])/g, '$1'),
    })),
  )

/** The `kusto` blocks of a page of documentation. */
export const documentQueries = (path: string): readonly LocatedQuery[] =>
  [...read(path).matchAll(/```kusto\n([\s\S]*?)\n *```/g)].map(([, query = ''], i) => ({
    place: `${path}, query ${i + 1}`,
    query,
  }))
