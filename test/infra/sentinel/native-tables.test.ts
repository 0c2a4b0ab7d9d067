import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ASIM_ALERT_EVENT, NATIVE_TABLES } from '../../support/kql/native-tables.ts'

/**
 * A scrape of Microsoft's table reference that lies beside the repository where the project itself
 * is worked on.
 */
const SCRAPE = '../shared/samples/schemas/log-analytics-tables.json'

/**
 * Constants and aliases of ASIM parsers, which no table holds, what the scrape leaves out, and what a
 * Key Vault adds to the table that all resources share.
 */
const NOT_IN_TABLES = new Set([
  'EventSchema',
  'IpAddr',
  'AppMetrics.Name',
  'AppRequests',
  'identity_claim_appid_g',
  'requestUri_s',
  'httpStatusCode_d',
])

describe.skipIf(!existsSync(SCRAPE))("the tables that our checks assume are Microsoft's", () => {
  const { tables } = JSON.parse(existsSync(SCRAPE) ? readFileSync(SCRAPE, 'utf8') : '{"tables":{}}') as {
    readonly tables: Readonly<Record<string, Readonly<Record<string, string>>>>
  }

  it.each(Object.entries({ ...NATIVE_TABLES, ASimAlertEventLogs: ASIM_ALERT_EVENT }))(
    '%s',
    (name, columns) => {
      if (NOT_IN_TABLES.has(name)) return
      const known = tables[name] ?? {}
      const wrong = Object.entries(columns)
        .filter(([column]) => !NOT_IN_TABLES.has(column) && !NOT_IN_TABLES.has(`${name}.${column}`))
        .filter(([column, type]) => known[column]?.toLowerCase() !== type)
        .map(([column, type]) => `${column}: ${type}, documented as ${known[column] ?? 'missing'}`)
      expect(wrong).toEqual([])
    },
  )
})
